// A named network namespace (ip-netns(8)).
import type { Desired } from '../../engine/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';

export interface NetnsSpec {
  readonly name: string;
  /** its `lo` is up: otherwise a router does not reach its own addresses */
  readonly loopback: boolean;
  /** whether a note of ours marks it as the mesh's; `made`: we made it, `found`: it existed before */
  readonly noted: 'made' | 'found' | 'no';
  /** false if there is only a note, because somebody else removed the namespace */
  readonly exists: boolean;
}

export const netnsKey = ({ name }: NetnsSpec): string => name;

export const netnsFields = ({ loopback, noted }: NetnsSpec): Record<'loopback' | 'noted', string> => ({
  loopback: loopback ? 'up' : 'down',
  noted: noted === 'no' ? 'no' : 'yes',
});

export function desiredNetns(model: RouterModel): Desired<NetnsSpec>[] {
  const name = placeOf(model);
  if (name === '') return [];
  const spec: NetnsSpec = { name, loopback: true, noted: 'made', exists: true };
  return [{ spec, source: model.mesh.source, borrowed: true }];
}
