// The configuration language of BIRD: that of the state file's version, else that of the installed BIRD. Pure.
import type { BirdDialect, BirdModel } from '../../model/types.ts';
import type { Said } from '../said.ts';

/** @param found version of the installed BIRD; if it is unknown too, the result is 2 */
export function birdVersion(
  said: NonNullable<Said['bird']>['version'],
  found: string | undefined,
): BirdModel['version'] {
  if (said === 2 || said === 3) return said;
  if (said === '1.6' || said === 1.6) return '1.6';
  const major = Number(found?.split('.')[0] ?? 2);
  return major === 1 ? '1.6' : major >= 3 ? 3 : 2;
}

export const dialectOf = (version: BirdModel['version']): BirdDialect => (version === '1.6' ? '1.6' : '2');
