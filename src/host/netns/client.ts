// The agent's side of the calls into one network namespace: connects at the first call, and again after the part inside ended.
import { HostError } from '../error.ts';
import { patience, type Patience } from '../patience.ts';
import type { Connection } from './connect.ts';
import { perTurn } from './per-turn.ts';
import type { Call, InsideServices, Reply, Service, Told } from './protocol.ts';
import { served } from './protocol.ts';

/** Longer than the deadlines of netlink and `wg`, which run inside: a part that exceeds it hangs. */
const DEADLINE_MS = 45_000;

export interface InsideClient extends InsideServices {
  /** allows no further call; pending calls reject with ECANCELED */
  readonly close: () => void;
}

export interface ClientOptions {
  readonly name: string;
  /** connects to the part inside, and starts it if necessary */
  readonly open: () => Promise<Connection>;
  /** milliseconds for one call, default 45000 */
  readonly deadline?: number;
}

interface Waiting extends Call, PromiseWithResolvers<unknown> {
  /** the deadline, set when the call is sent */
  waits?: Patience;
}

/** Calls without an answer yet. */
interface Pending {
  add(call: Waiting): void;
  has(id: number): boolean;
  settle(id: number, how: (call: Waiting) => void): void;
  /** @param which selects calls; default: all */
  fail(code: string, detail: string, which?: (call: Waiting) => boolean): void;
}

function createPending(namespace: string): Pending {
  const waiting = new Map<number, Waiting>();
  const settle: Pending['settle'] = (id, how) => {
    const call = waiting.get(id);
    if (call === undefined) return;
    call.waits?.end();
    waiting.delete(id);
    how(call);
  };
  return {
    add: (call) => void waiting.set(call.id, call),
    has: (id) => waiting.has(id),
    settle,
    fail(code, detail, which = () => true) {
      for (const { id } of [...waiting.values()].filter(which))
        settle(id, (call) => call.reject(failure(namespace, call, code, detail)));
    },
  };
}

interface Line {
  /** the open connection, or a new one */
  get(): Promise<Connection>;
  /** the open connection */
  readonly current: () => Connection | undefined;
}

function createLine(open: ClientOptions['open'], pending: Pending): Line {
  let connecting: Promise<Connection> | undefined;
  let current: Connection | undefined;
  const receive = (told: Told): void => {
    if (told.kind !== 'replies') return;
    for (const reply of told.replies) pending.settle(reply.id, (call) => answer(call, reply));
  };
  const use = (opened: Connection): Connection => {
    current = opened;
    opened.onTold(receive);
    opened.onClose(() => {
      if (current === opened) [current, connecting] = [undefined, undefined];
      const detail = 'it ended meanwhile, and whether this was done is not known';
      pending.fail('ECONNRESET', detail, ({ waits }) => waits !== undefined);
    });
    return opened;
  };
  const forget = (error: unknown): never => {
    connecting = undefined;
    throw error;
  };
  return { get: () => (connecting ??= open().then(use, forget)), current: () => current };
}

/** Sends the calls of one turn of the event loop together. Ends a part inside that hangs, so that the next call starts a new one. */
function createSender(line: Line, pending: Pending, deadline: number): (call: Waiting) => void {
  const late = (id: number): void => {
    const hung = line.current();
    pending.fail('ETIMEDOUT', `it gave no answer within ${deadline / 1000} s and is ended`, (call) => call.id === id);
    if (hung === undefined) return;
    kill(hung.pid);
    hung.destroy();
  };
  const write = ({ send }: Connection, calls: readonly Waiting[]): void => {
    const live = calls.filter(({ id }) => pending.has(id));
    for (const call of live) call.waits = patience(deadline, () => late(call.id));
    send({ kind: 'calls', calls: live.map(({ id, service, name, args }) => ({ id, service, name, args })) });
  };
  return perTurn<Waiting>((calls) => {
    line.get().then(
      (connection) => write(connection, calls),
      (error: unknown) => {
        for (const { id } of calls) pending.settle(id, (call) => call.reject(error));
      },
    );
  });
}

export function createInsideClient({ name, open, deadline = DEADLINE_MS }: ClientOptions): InsideClient {
  const pending = createPending(name);
  const line = createLine(open, pending);
  const send = createSender(line, pending, deadline);
  let closed = false;
  let last = 0;
  const call: MakeCall = (service, method, args) => {
    const asked: Waiting = { id: ++last, service, name: method, args, ...Promise.withResolvers<unknown>() };
    if (closed) asked.reject(failure(name, asked, 'ECANCELED', 'the host was closed'));
    else {
      pending.add(asked);
      send(asked);
    }
    return asked.promise;
  };
  return {
    ...partsBy(call),
    close() {
      closed = true;
      pending.fail('ECANCELED', 'the host was closed');
      line.current()?.destroy();
    },
  };
}

type MakeCall = (service: Service, method: string, args: readonly unknown[]) => Promise<unknown>;

function partsBy(call: MakeCall): InsideServices {
  const part = (service: Service): object =>
    Object.fromEntries(
      Object.keys(served[service]).map((method) => [method, (...args: unknown[]) => call(service, method, args)]),
    );
  return { rtnl: part('rtnl'), wg: part('wg'), sysctl: part('sysctl'), nft: part('nft') } as InsideServices;
}

const failure = (namespace: string, { service, name }: Call, code: string, detail: string): HostError =>
  new HostError({ operation: `${service}.${name} by the agent part in network namespace ${namespace}`, code, detail });

function answer(call: Waiting, reply: Reply): void {
  if ('error' in reply) call.reject(new HostError(reply.error));
  else call.resolve(reply.value);
}

/** While our connection is open the process exists, so its pid is not reused. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // already ended
  }
}
