// The generation of a bird.conf: a hash of its body. It shows that a file was edited by hand, and which file the running
// BIRD has.
import { fnv1a } from '../../net/fnv1a.ts';

export const generationOf = (body: string): string => fnv1a(body);
