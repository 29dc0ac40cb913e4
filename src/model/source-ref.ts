/** Where in the state file a thing was said; `line` and `col` count from 1. */
export interface SourceRef {
  readonly file: string;
  readonly line: number;
  readonly col: number;
  /** `tunnels.wg222.address` */
  readonly path: string;
}
