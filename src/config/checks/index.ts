// Every check that looks at more than one value. Each reports all that it finds in what of the file could be read.
import type { HostEnv } from '../../model/types.ts';
import type { Draft } from '../draft.ts';
import type { Problem } from '../problem.ts';

export type CrossCheck = (draft: Draft, env: HostEnv) => Problem[];

export const checks: readonly CrossCheck[] = [];
