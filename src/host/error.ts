// The only error class that src/host throws to others: the action, its object, and the system's own code for the reason.

export interface HostErrorInit {
  /** the action and its object: `add link wg222` */
  operation: string;
  /** errno name (`EEXIST`) or the program's exit (`EXIT_1`) */
  code: string;
  /** the system's or the program's own message */
  detail: string;
  cause?: unknown;
}

/** The code for a file that another user may have put there, to make root read or write a different file. */
export const UNSAFE_FILE = 'UNSAFE_FILE';

export class HostError extends Error {
  readonly operation: string;
  readonly code: string;
  readonly detail: string;

  constructor({ operation, code, detail, cause }: HostErrorInit) {
    super(`${operation}: ${detail} (${code})`, { cause });
    this.name = 'HostError';
    this.operation = operation;
    this.code = code;
    this.detail = detail;
  }
}

export const isHostError = (error: unknown, ...codes: string[]): error is HostError =>
  error instanceof HostError && (codes.length === 0 || codes.includes(error.code));
