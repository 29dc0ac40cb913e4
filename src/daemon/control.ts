// The daemon's control interface: JSON over HTTP on two Unix sockets, one for root and one for readers (sockets.ts).
import { publicPlan, publicReport } from '../engine/public.ts';
import type { Plan } from '../engine/types.ts';
import { groupId } from '../host/accounts.ts';
import { type Answer, type Asked, type HttpSocket, type HttpSocketOptions, listenHttp } from '../host/http-socket.ts';
import { publicEvent } from '../log/public-event.ts';
import { publicJson } from '../log/public-json.ts';
import type { Status } from '../status/types.ts';
import { CONTROL_SOCKET, GROUP, MAX_HOLD_MS, RUN_FOLDER, STATUS_SOCKET } from './sockets.ts';
import { createSharedReads, type SharedReads, type SharedReadsOptions } from './shared-reads.ts';
import type { DaemonState, Emit } from './types.ts';

export interface ControlOptions extends SharedReadsOptions {
  readonly state: () => DaemonState;
  /** reads the host now; throws a HostError if it cannot be read */
  readonly status: () => Promise<Status>;
  /** Prometheus' text; throws as status() does */
  readonly metrics: () => Promise<string>;
  /** the plan of a pass that would start now */
  readonly plan: () => Promise<Plan>;
  /** reads the state file again; done when the pass that follows has ended */
  readonly reload: () => Promise<unknown>;
  readonly hold: (ms: number | undefined) => void;
  readonly resume: () => void;
  readonly subscribe: (listener: Emit) => () => void;
  /** folder of the sockets; default /run/wgospf */
  readonly folder?: string;
  /** group that may read; default `wgospf` */
  readonly group?: string;
}

const json = (status: number, value: object): Answer => ({ status, json: publicJson(value) });
const refuse = (status: number, code: string, message: string): Answer => json(status, { error: { code, message } });

/** Removes the payloads, which publicJson would drop too. */
const publicState = (state: DaemonState): object => ({
  ...state,
  lastPass: state.lastPass && { ...state.lastPass, report: publicReport(state.lastPass.report) },
});

/** Milliseconds of `{"ms": 600000}`; undefined: until resumed; 'bad' for any other body. */
function holdMs(body: unknown): number | undefined | 'bad' {
  if (body === undefined) return undefined;
  if (typeof body !== 'object' || body === null || Object.keys(body).some((key) => key !== 'ms')) return 'bad';
  const ms: unknown = 'ms' in body ? body.ms : undefined;
  if (ms === undefined || ms === null) return undefined;
  return Number.isInteger(ms) && (ms as number) > 0 && (ms as number) <= MAX_HOLD_MS ? (ms as number) : 'bad';
}

const stream = ({ subscribe }: ControlOptions): Answer => ({
  status: 200,
  stream: (line) => subscribe((event) => line(publicJson(publicEvent(event)))),
});

type Route = (asked: Asked) => Promise<Answer> | Answer;

/** Paths by method. */
function makeRoutes(
  options: ControlOptions,
  reads: SharedReads,
): Readonly<Record<string, { GET?: Route; POST?: Route }>> {
  const done = (): Answer => json(200, { daemon: publicState(options.state()) });
  return {
    '/status': {
      GET: reads.share(async () => json(200, { ...(await options.status()), daemon: publicState(options.state()) })),
    },
    '/plan': { GET: reads.share(async () => json(200, publicPlan(await options.plan()))) },
    '/metrics': { GET: reads.share(async () => ({ status: 200, metrics: await options.metrics() })) },
    '/events': { GET: () => stream(options) },
    '/reload': {
      POST: async () => {
        await options.reload();
        return done();
      },
    },
    '/hold': {
      POST: ({ body }) => {
        const ms = holdMs(body);
        if (ms === 'bad') return refuse(400, 'bad-hold', 'write {"ms": N}, N from 1 to 604800000, or no body');
        options.hold(ms);
        return done();
      },
    },
    '/resume': {
      POST: () => {
        options.resume();
        return done();
      },
    },
  };
}

type Handler = (asked: Asked) => Promise<Answer>;

function makeHandler(routes: ReturnType<typeof makeRoutes>, readOnly: boolean): Handler {
  return async (asked) => {
    const route = Object.hasOwn(routes, asked.path) ? routes[asked.path] : undefined;
    if (route === undefined) return refuse(404, 'no-such-path', `there is no ${asked.path}`);
    if (readOnly && asked.method !== 'GET')
      return refuse(403, 'EACCES', 'this socket is for reading; root may do that');
    const run = asked.method === 'GET' ? route.GET : asked.method === 'POST' ? route.POST : undefined;
    if (run === undefined) return refuse(405, 'no-such-method', `${asked.path} does not take ${asked.method}`);
    return run(asked);
  };
}

/** Without the group there is no second socket, and only root may read. Throws a HostError if another daemon listens. */
export async function serveControl(options: ControlOptions): Promise<HttpSocket> {
  const { folder = RUN_FOLDER, group = GROUP } = options;
  const reads = createSharedReads(options);
  const forget = options.subscribe(reads.outdate);
  const routes = makeRoutes(options, reads);
  const serving = (readOnly: boolean): Pick<HttpSocketOptions, 'handle' | 'turn'> => ({
    handle: makeHandler(routes, readOnly),
    // root's POST requests run at once; all other requests wait their turn, even refused ones
    turn: (method) => (readOnly || method !== 'POST' ? reads.turn() : Promise.resolve()),
  });
  const sockets = [await listenHttp({ path: `${folder}/${CONTROL_SOCKET}`, mode: 0o600, ...serving(false) })];
  const close = async (): Promise<void> => {
    forget();
    await Promise.all(sockets.map((socket) => socket.close()));
  };
  try {
    const gid = await groupId(group);
    if (gid !== undefined) {
      sockets.push(await listenHttp({ path: `${folder}/${STATUS_SOCKET}`, mode: 0o660, gid, ...serving(true) }));
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}
