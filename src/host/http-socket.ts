// The server of JSON over HTTP on Unix sockets. Mode and group of the socket file decide who may connect.
import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { hasErrno, hostError } from './errno.ts';
import { HostError } from './error.ts';
import { http } from './http.ts';
import { patience } from './patience.ts';

export interface Asked {
  readonly method: string;
  /** without the query string */
  readonly path: string;
  /** parsed JSON; undefined if the request has no body */
  readonly body: unknown;
}

/** One answer; or a stream of lines, which begins when the head is sent: `stream` returns the function that ends it. */
export type Answer =
  | { readonly status: number; readonly json: string }
  /** Prometheus' text, version 0.0.4 */
  | { readonly status: number; readonly metrics: string }
  | { readonly status: number; readonly stream: (line: (json: string) => void) => () => void };

export interface HttpSocketOptions {
  readonly path: string;
  /** permission bits; connecting requires write permission on the socket (unix(7)) */
  readonly mode: number;
  /** group id of the socket */
  readonly gid?: number;
  /** milliseconds until an answer must be there; default 120000 */
  readonly deadline?: number;
  /** resolves when the answer may be sent, also an error; default: at once */
  readonly turn?: (method: string) => Promise<void>;
  /** a rejection becomes a 500 whose message is for the operator */
  readonly handle: (asked: Asked) => Promise<Answer>;
}

const MAX_BODY = 4096;
const MAX_CONNECTIONS = 64;
const REQUEST_MS = 5_000;
/** bytes that a reader of a stream may lag behind */
const MAX_LAG = 1024 * 1024;

const problem = (status: number, code: string, message: string): Answer => ({
  status,
  json: JSON.stringify({ error: { code, message } }),
});

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): { readonly body: unknown } | undefined {
  try {
    return { body: text === '' ? undefined : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

async function answer(request: IncomingMessage, handle: HttpSocketOptions['handle']): Promise<Answer> {
  const text = await readBody(request);
  if (text === undefined) return problem(413, 'too-large', `a body has at most ${MAX_BODY} bytes`);
  const parsed = parse(text);
  if (parsed === undefined) return problem(400, 'bad-json', 'the body is not JSON');
  const [path = '/'] = (request.url ?? '/').split('?');
  try {
    return await handle({ method: request.method ?? 'GET', path, ...parsed });
  } catch (error) {
    const code = error instanceof HostError ? error.code : 'failed';
    return problem(500, code, error instanceof Error ? error.message : String(error));
  }
}

function send(response: ServerResponse, { status, ...rest }: Answer): void {
  if (response.destroyed) return;
  if ('json' in rest) {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${rest.json}\n`);
    return;
  }
  if ('metrics' in rest) {
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(rest.metrics);
    return;
  }
  response.writeHead(status, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  const end = rest.stream((line) => {
    // a client that stops reading must not fill our memory
    if (response.writableLength > MAX_LAG) response.destroy();
    else response.write(`${line}\n`);
  });
  response.on('close', end);
}

async function serve(request: IncomingMessage, response: ServerResponse, options: HttpSocketOptions): Promise<void> {
  const ms = options.deadline ?? 120_000;
  const late = Promise.withResolvers<Answer>();
  const waits = patience(ms, () => late.resolve(problem(504, 'ETIMEDOUT', `no answer within ${ms / 1000} s`)));
  try {
    const said = await Promise.race([answer(request, options.handle), late.promise]);
    await options.turn?.(request.method ?? 'GET');
    send(response, said);
  } catch {
    response.destroy(); // the client disconnected during its request
  } finally {
    waits.end();
  }
}

/** Whether a process listens there; a socket file outlives its process. */
const isLive = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.on('error', (error) => resolve(!hasErrno(error, 'ECONNREFUSED', 'ENOENT')));
  });

/** bind(2) makes the file with mode 0777 minus the umask, so that no other user can connect before chmod. */
function bind(server: Server, { path, mode, gid }: HttpSocketOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const umask = process.umask(0o177);
    server.listen(path, () => {
      try {
        if (gid !== undefined) chownSync(path, 0, gid);
        chmodSync(path, mode);
        resolve();
      } catch (error) {
        server.close();
        reject(hostError(`set the permissions of ${path}`, error));
      }
    });
    process.umask(umask);
  });
}

export interface HttpSocket {
  /** also ends streams and removes the file */
  close(): Promise<void>;
}

/** Replaces the socket of a dead process; throws a HostError EADDRINUSE if a process listens there. */
export async function listenHttp(options: HttpSocketOptions): Promise<HttpSocket> {
  const { path } = options;
  const operation = `listen on ${path}`;
  const server = http().createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
    (request, response) => {
      void serve(request, response, options);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  if (await isLive(path)) {
    throw new HostError({
      operation,
      code: 'EADDRINUSE',
      detail: 'another wgospf listens there: is its daemon running?',
    });
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    rmSync(path, { force: true });
    await bind(server, options);
  } catch (error) {
    throw hostError(operation, error);
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
