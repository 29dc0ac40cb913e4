// What test and agent say to each other, one JSON value a line.
import type { HostErrorInit } from '../../../src/host/error.ts';

export interface Call {
  readonly id: number;
  /** on the host inside this named network namespace */
  readonly inside?: string;
  /** `['wg', 'setconf']` */
  readonly path: readonly string[];
  readonly args: readonly unknown[];
}

export interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly text: string; readonly parts: HostErrorInit | undefined };
}
