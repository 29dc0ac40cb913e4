// A problem without its position.
import type { Part, Path } from './locate.ts';

/** What a check reports about one value. */
export interface Fault {
  /** stable code for scripts */
  readonly code: string;
  readonly message: string;
  /** the cure: what to write instead */
  readonly hint: string;
}

export interface Problem extends Fault {
  readonly path: Path;
  /** the part that the caret marks; default `value` */
  readonly part?: Part;
  readonly severity?: 'error' | 'warning';
}
