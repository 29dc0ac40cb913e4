// A command's access to the running daemon.
import { isHostError } from '../host/error.ts';
import { ask, askLines, askText } from '../host/http-client.ts';
import type { PublicEvent } from '../log/public-event.ts';
import { CONTROL_SOCKET, type DoneAnswer, type HoldBody, type PlanAnswer, RUN_FOLDER } from './sockets.ts';
import { STATUS_SOCKET, type StatusAnswer } from './sockets.ts';

/** Answers have undefined for JSON's null. Errors are HostErrors; every command must handle the one of `isNotRunning`. */
export interface DaemonClient {
  readonly status: () => Promise<StatusAnswer>;
  readonly plan: () => Promise<PlanAnswer>;
  /** Prometheus' text */
  readonly metrics: () => Promise<string>;
  /** done when the pass that follows has ended */
  readonly reload: () => Promise<DoneAnswer>;
  readonly hold: (ms: number | undefined) => Promise<DoneAnswer>;
  readonly resume: () => Promise<DoneAnswer>;
  /** ends when the daemon ends or `signal` aborts */
  readonly events: (signal: AbortSignal) => AsyncGenerator<PublicEvent>;
}

/** There is no socket, or its process has ended. */
export const isNotRunning = (error: unknown): boolean => isHostError(error, 'ENOENT', 'ECONNREFUSED');

/** JSON has no undefined: publicJson writes null, and this turns it back into undefined, under the same key. */
function revive(value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)]));
}

/** A reload reads files, may make keys, and includes a full pass. */
const RELOAD_MS = 130_000;

export function createDaemonClient(root: boolean, folder: string = RUN_FOLDER): DaemonClient {
  const socket = `${folder}/${root ? CONTROL_SOCKET : STATUS_SOCKET}`;
  const get = async (path: string): Promise<unknown> => revive(await ask({ socket, method: 'GET', path }));
  const post = async (path: string, body: object, deadline?: number): Promise<unknown> =>
    revive(await ask({ socket, method: 'POST', path, body, ...(deadline !== undefined && { deadline }) }));
  return {
    status: async () => (await get('/status')) as StatusAnswer,
    plan: async () => (await get('/plan')) as PlanAnswer,
    metrics: () => askText({ socket, method: 'GET', path: '/metrics' }),
    reload: async () => (await post('/reload', {}, RELOAD_MS)) as DoneAnswer,
    hold: async (ms) => (await post('/hold', (ms === undefined ? {} : { ms }) satisfies HoldBody)) as DoneAnswer,
    resume: async () => (await post('/resume', {})) as DoneAnswer,
    events: (signal) => askLines(socket, '/events', signal) as AsyncGenerator<PublicEvent>,
  };
}
