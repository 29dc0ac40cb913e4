// A problem before it has its place.
import type { Part, Path } from './locate.ts';

/** What a check says about one value. */
export interface Fault {
  /** stable word for scripts */
  readonly code: string;
  readonly message: string;
  /** what to write instead */
  readonly hint: string;
}

export interface Problem extends Fault {
  readonly path: Path;
  /** what the caret marks; `value` where not said */
  readonly part?: Part;
  readonly severity?: 'error' | 'warning';
}
