/** A position in the state file; `line` and `col` count from 1. */
export interface SourceRef {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** `tunnels.wg222.address` */
  readonly path: string;
}
