// BIRD in the model: its version, the content of its file beside the links, and the files that it includes.
import type { OspfInstance } from './ospf-types.ts';
import type { SourceRef } from './source-ref.ts';

/** 2 and 3 read the same text. */
export type BirdDialect = '1.6' | '2';

/** An OSPF password: bird.conf contains only the name of its constant. */
export interface BirdSecret {
  readonly constant: string;
  /** absolute path; the password is the file's text without the last line end */
  readonly file: string;
}

/** An operator's file that bird.conf includes. */
export interface BirdSnippet {
  readonly file: string;
  /** first 16 hex digits of the SHA-256 of its text */
  readonly digest: string;
}

export interface BirdModel {
  /** from the state file, else found on the host, else 2 */
  readonly version: '1.6' | 2 | 3;
  readonly dialect: BirdDialect;
  /** `mesh` first, then by name */
  readonly instances: readonly OspfInstance[];
  /** sorted by constant, without duplicates; empty: no secrets file is wanted */
  readonly secrets: readonly BirdSecret[];
  /** absolute path, beside configFile */
  readonly secretsFile: string;
  /** pattern of the operator's files, absolute */
  readonly include: string | undefined;
  /** the files that the pattern matches, by name; read with the state file */
  readonly snippets: readonly BirdSnippet[];
  readonly kernelMetric: number;
  readonly persist: boolean;
  /** BIRD's scan time, seconds */
  readonly scanTime: number;
  readonly configFile: string;
  readonly controlSocket: string;
  readonly source: SourceRef;
}
