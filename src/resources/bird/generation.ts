// The generation of a bird.conf: a hash of its body, so that a file edited by hand is seen and the running BIRD can be
// asked which file it runs.
import { fnv1a } from '../../net/fnv1a.ts';

export const generationOf = (body: string): string => fnv1a(body);
