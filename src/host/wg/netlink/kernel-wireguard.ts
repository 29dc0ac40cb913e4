// The kernel's WireGuard devices over generic netlink, without a program: reads several devices at a time, and sends all changes of
// one turn of the event loop in one buffer. Opens its socket at the first call, and opens a new one after a failure.
import { HostError, isHostError } from '../../error.ts';
import { sendBatch } from '../../rtnetlink/batch.ts';
import { errnoName, kernelError } from '../../rtnetlink/kernel-error.ts';
import { createLinkNames } from '../../rtnetlink/link-names.ts';
import type { Message } from '../../rtnetlink/message.ts';
import { openGenericSocket, type NetlinkSocketFactory } from '../../rtnetlink/netlink-socket.ts';
import type { Write } from '../../rtnetlink/queue.ts';
import { createScheduler } from '../../rtnetlink/scheduler.ts';
import { createTransport, type Transport } from '../../rtnetlink/transport.ts';
import type { WgDevice } from '../../types.ts';
import type { DevicePatch } from '../device-patch.ts';
import { WG_GENL_NAME } from './constants.ts';
import { encodeSetDevice } from './encode-device.ts';
import { decodeFamily, encodeGetFamily } from './generic-message.ts';
import { readDevices } from './read-devices.ts';
import type { Zones } from './socket-address.ts';

const DEADLINE_MS = 10_000;

export interface KernelWireguard {
  /** One result per name: undefined if the device no longer exists, a HostError if it cannot be read. */
  read(names: readonly string[], zones: Pick<Zones, 'nameOf'>): Promise<(WgDevice | HostError | undefined)[]>;
  /** Applies the patch. Throws a HostError ENODEV if the kernel has no WireGuard device of that name. */
  set(operation: string, dev: string, patch: DevicePatch, zones: Pick<Zones, 'indexOf'>): Promise<void>;
  close(): void;
}

const NO_DEVICE: Readonly<Record<string, string>> = {
  ENODEV: 'there is no such device',
  EOPNOTSUPP: 'this link is no WireGuard device',
};

const noDevice = (operation: string, detail: string): HostError => new HostError({ operation, code: 'ENODEV', detail });

interface KnownFamily {
  /** undefined if this kernel has no WireGuard yet */
  id(): Promise<number | undefined>;
  forget(): void;
}

/** Caches the number, but not its absence, because the first link of the kind loads the module. */
function createFamily(ask: () => Promise<number | undefined>): KnownFamily {
  let known: Promise<number | undefined> | undefined;
  return {
    id() {
      const asked = known ?? ask();
      known = asked;
      const forget = (): void => {
        if (known === asked) known = undefined;
      };
      asked.then((id) => id ?? forget(), forget);
      return asked;
    },
    forget: () => (known = undefined),
  };
}

async function askFamily({ exchange }: Pick<Transport, 'exchange'>): Promise<number | undefined> {
  const operation = `ask for the netlink family ${WG_GENL_NAME}`;
  let found: number | undefined;
  const onAnswer = (answer: Message): void => void (found ??= decodeFamily(answer, WG_GENL_NAME));
  const [answer] = await exchange(operation, [{ message: encodeGetFamily(WG_GENL_NAME), onAnswer }]);
  const errno = answer?.errno ?? 0;
  if (errno !== 0 && errnoName(errno) !== 'ENOENT') throw kernelError(operation, errno);
  return found;
}

/** No message of ours carries the index of a link or changes a rule. */
const onlyTransport = (transport: Transport): Parameters<typeof sendBatch>[0] => ({
  transport,
  names: createLinkNames(() => 0),
  findLinks: () => Promise.resolve(new Map()),
  listRules: () => Promise.resolve([]),
});

export function createKernelWireguard(openSocket: NetlinkSocketFactory = openGenericSocket): KernelWireguard {
  const transport = createTransport({ openSocket, deadline: DEADLINE_MS, secret: true });
  const { read, write } = createScheduler((batch) => sendBatch(onlyTransport(transport), batch));
  const family = createFamily(() => read(() => askFamily(transport)));
  return {
    async read(names, zones) {
      const id = names.length === 0 ? undefined : await family.id();
      return id === undefined ? [] : read(() => readDevices(transport, id, names, zones));
    },
    async set(operation, dev, patch, zones) {
      const id = await family.id();
      if (id === undefined) throw noDevice(operation, 'this kernel has no WireGuard');
      const messages = encodeSetDevice({ family: id, dev, patch, operation, zones });
      try {
        await write(inOrder(operation, dev, messages));
      } catch (error) {
        // ENOENT concerns the family: the module was unloaded
        if (isHostError(error, 'ENOENT')) family.forget();
        if (isHostError(error, 'ENOENT', 'EOPNOTSUPP', 'ENODEV')) throw noDevice(operation, error.detail);
        throw error;
      } finally {
        for (const message of messages) message.fill(0);
      }
    },
    close: () => transport.close(),
  };
}

/** Sends each message only after the one before it succeeded. */
function inOrder(operation: string, link: string, [first, ...others]: readonly Buffer[]): Write {
  if (first === undefined) throw new Error('no message');
  return {
    ...{ operation, link, needsIndex: false, changesIndex: false, words: NO_DEVICE },
    encode: () => first,
    ...(others.length === 0 ? {} : { next: inOrder(operation, link, others) }),
  };
}
