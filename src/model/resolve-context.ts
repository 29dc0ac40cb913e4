// What the resolver needs beside the state itself.
import type { OspfContext } from './ospf-context.ts';
import type { HostEnv, SourceRef } from './types.ts';

export interface ResolveContext {
  readonly env: HostEnv;
  /** see RouterModel.generation */
  readonly generation: string;
  /** absolute path that relative key files start from */
  readonly folder: string;
  /** place of the thing at a path of the file, or of the nearest thing around it that was written */
  readonly sourceOf: (path: readonly string[]) => SourceRef;
}

/** And what a link needs of the rest of the state. */
export interface LinkContext extends ResolveContext {
  readonly ospf: OspfContext;
}
