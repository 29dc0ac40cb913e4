// The agent's end of the calls into one network namespace: connects at the first call, and anew after the part inside ended.
import { HostError } from '../error.ts';
import { patience, type Patience } from '../patience.ts';
import type { Connection } from './connect.ts';
import { perTurn } from './per-turn.ts';
import type { Call, InsideServices, Reply, Service, Told } from './protocol.ts';
import { served } from './protocol.ts';

/** Beyond the deadlines of netlink and `wg`, which are inside; whoever needs longer hangs. */
const DEADLINE_MS = 45_000;

export interface InsideClient extends InsideServices {
  /** no further call; those under way reject with ECANCELED */
  readonly close: () => void;
}

export interface ClientOptions {
  readonly name: string;
  /** connects, and starts what it connects to where need be */
  readonly open: () => Promise<Connection>;
  /** milliseconds for one call, default 45000 */
  readonly deadline?: number;
}

interface Waiting extends Call, PromiseWithResolvers<unknown> {
  /** since it was sent */
  waits?: Patience;
}

export function createInsideClient({ name, open, deadline = DEADLINE_MS }: ClientOptions): InsideClient {
  const waiting = new Map<number, Waiting>();
  let connecting: Promise<Connection> | undefined;
  let current: Connection | undefined;
  let closed = false;
  let last = 0;

  const fail = (ids: Iterable<number>, code: string, detail: string): void => {
    for (const id of [...ids]) settle(id, (call) => call.reject(failure(name, call, code, detail)));
  };
  const settle = (id: number, how: (call: Waiting) => void): void => {
    const call = waiting.get(id);
    if (call === undefined) return;
    call.waits?.end();
    waiting.delete(id);
    how(call);
  };
  const receive = (told: Told): void => {
    if (told.kind === 'replies') for (const reply of told.replies) settle(reply.id, (call) => answer(call, reply));
  };
  const connection = (): Promise<Connection> =>
    (connecting ??= open().then(
      (opened) => {
        current = opened;
        opened.onTold(receive);
        opened.onClose(() => {
          if (current === opened) [current, connecting] = [undefined, undefined];
          const sent = [...waiting.values()].filter(({ waits }) => waits !== undefined);
          fail(
            sent.map(({ id }) => id),
            'ECONNRESET',
            'it ended meanwhile, and whether this was done is not known',
          );
        });
        return opened;
      },
      (error: unknown) => {
        connecting = undefined;
        throw error;
      },
    ));
  /** One that hangs is ended, so that the next call finds another. */
  const late = (id: number): void => {
    const hung = current;
    fail([id], 'ETIMEDOUT', `it gave no answer within ${deadline / 1000} s and is ended`);
    if (hung === undefined) return;
    kill(hung.pid);
    hung.destroy();
  };
  const send = perTurn<Waiting>((calls) => {
    connection().then(
      ({ send: write }) => {
        const live = calls.filter(({ id }) => waiting.has(id));
        for (const call of live) call.waits = patience(deadline, () => late(call.id));
        write({
          kind: 'calls',
          calls: live.map(({ id, service, name: method, args }) => ({ id, service, name: method, args })),
        });
      },
      (error: unknown) => {
        for (const { id } of calls) settle(id, (call) => call.reject(error));
      },
    );
  });
  const call = (service: Service, method: string, args: readonly unknown[]): Promise<unknown> => {
    const asked: Waiting = { id: ++last, service, name: method, args, ...Promise.withResolvers<unknown>() };
    if (closed) asked.reject(failure(name, asked, 'ECANCELED', 'the host was closed'));
    else {
      waiting.set(asked.id, asked);
      send(asked);
    }
    return asked.promise;
  };
  const part = (service: Service): object =>
    Object.fromEntries(
      Object.keys(served[service]).map((method) => [method, (...args: unknown[]) => call(service, method, args)]),
    );
  return {
    ...({ rtnl: part('rtnl'), wg: part('wg'), sysctl: part('sysctl'), nft: part('nft') } as InsideServices),
    close() {
      closed = true;
      fail(waiting.keys(), 'ECANCELED', 'the host was closed');
      current?.destroy();
    },
  };
}

const failure = (namespace: string, { service, name }: Call, code: string, detail: string): HostError =>
  new HostError({ operation: `${service}.${name} by the agent part in network namespace ${namespace}`, code, detail });

function answer(call: Waiting, reply: Reply): void {
  if ('error' in reply) call.reject(new HostError(reply.error));
  else call.resolve(reply.value);
}

/** The process is there as long as our connection is, so the number is its own. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone already
  }
}
