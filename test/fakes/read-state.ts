import { parse } from 'yaml';
import { stateSchema } from '../../src/config/schema/state.ts';
import { resolve } from '../../src/model/resolve.ts';
import type { HostEnv, RouterModel } from '../../src/model/types.ts';
export const STATE_FILE = '/etc/wgospf/state.yaml';
export function readState(text: string, env: HostEnv): RouterModel {
  const s = stateSchema.parse(parse(text));
  return resolve(s, {
    env,
    generation: 'abc',
    folder: '/etc/wgospf',
    sourceOf: (p) => ({ file: STATE_FILE, line: 1, col: 1, path: p.join('.') }),
  });
}
