// The client of JSON over HTTP on a Unix socket. Errors are HostErrors: ENOENT and ECONNREFUSED if nobody listens.
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { HostError } from './error.ts';
import { connectionErrno, hostError } from './errno.ts';
import { http } from './http.ts';
import { patience } from './patience.ts';

export interface AskOptions {
  readonly socket: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** milliseconds until the answer must be there; default 10000 */
  readonly deadline?: number;
}

function open(options: AskOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { socket: socketPath, method, path, body } = options;
  return new Promise((resolve, reject) => {
    const asked = http().request({ socketPath, method, path, signal, agent: false }, resolve);
    asked.on('error', reject);
    if (body !== undefined) asked.setHeader('content-type', 'application/json').write(JSON.stringify(body));
    asked.end();
  });
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Converts the error answer of http-socket.ts: `{error: {code, message}}`. The code of a server error (status over 499) is not
 * used as the HostError's code: the server's ENOENT does not mean that the socket is missing.
 */
function refusal(operation: string, status: number, text: string): HostError {
  let error: { code?: unknown; message?: unknown } = {};
  try {
    error = (JSON.parse(text) as { error?: typeof error }).error ?? {};
  } catch {
    // not a wgospf server
  }
  const { code, message } = error;
  return new HostError({
    operation,
    code: typeof code === 'string' && status < 500 ? code : `HTTP_${status}`,
    detail: typeof message === 'string' ? message : `answered with status ${status}`,
  });
}

const toHostError = (operation: string, error: unknown, deadline: number): HostError => {
  const late = error instanceof Error && error.name === 'AbortError';
  const detail = `no answer within ${deadline / 1000} s`;
  if (late) return new HostError({ operation, code: 'ETIMEDOUT', detail, cause: error });
  return connectionErrno(error) === 'ECONNRESET' ? gone(operation, error) : hostError(operation, error);
};

/** `socket hang up`, `write EPIPE` and `read ECONNRESET` mean the same to the caller. */
const gone = (operation: string, cause: unknown): HostError =>
  new HostError({ operation, code: 'ECONNRESET', detail: 'it ended before its answer was complete', cause });

const nameOf = ({ socket, method, path }: AskOptions): string => `${method} ${path} on ${socket}`;

/** Returns the parsed answer; an error answer becomes a HostError with the server's code. */
export async function ask(options: AskOptions): Promise<unknown> {
  const text = await askText(options);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw hostError(nameOf(options), error);
  }
}

/** The same for an answer that is not JSON. */
export async function askText(options: AskOptions): Promise<string> {
  const operation = nameOf(options);
  const { deadline = 10_000 } = options;
  const abort = new AbortController();
  const waits = patience(deadline, () => abort.abort());
  try {
    const answer = await open(options, abort.signal);
    const text = await textOf(answer);
    if ((answer.statusCode ?? 0) >= 400) throw refusal(operation, answer.statusCode ?? 0, text);
    return text;
  } catch (error) {
    throw toHostError(operation, error, deadline);
  } finally {
    waits.end();
  }
}

/** Yields the parsed lines of a stream until it ends or `signal` aborts it; neither is an error. */
export async function* askLines(socket: string, path: string, signal: AbortSignal): AsyncGenerator {
  const options: AskOptions = { socket, method: 'GET', path };
  try {
    const answer = await open(options, signal);
    if ((answer.statusCode ?? 0) >= 400) {
      throw refusal(nameOf(options), answer.statusCode ?? 0, await textOf(answer));
    }
    for await (const line of createInterface({ input: answer, crlfDelay: Infinity })) yield JSON.parse(line) as unknown;
  } catch (error) {
    if (!signal.aborted) throw hostError(nameOf(options), error);
  }
}
