// Reads devices by WG_CMD_GET_DEVICE, which lists one device: sends several requests in one buffer, and repeats those that failed.
import { HostError } from '../../error.ts';
import { errnoName, errnoText, kernelError } from '../../rtnetlink/kernel-error.ts';
import type { Message } from '../../rtnetlink/message.ts';
import type { Answer, Transport } from '../../rtnetlink/transport.ts';
import type { WgDevice } from '../../types.ts';
import { addAnswer } from './decode-device.ts';
import { encodeGetDevice } from './encode-device.ts';
import type { Zones } from './socket-address.ts';

/**
 * The kernel begins a listing when it processes the request, and a listing of up to 4 kB ends there. A longer one continues as its
 * answers are read; meanwhile the kernel refuses the next one on the same socket: EBUSY (__netlink_dump_start,
 * net/netlink/af_netlink.c). Each answer takes up to 33 kB of a receive buffer of 425984 bytes; with a full one no listing begins.
 */
const AT_ONCE = 8;
const ATTEMPTS = 5;

type Result = WgDevice | HostError | undefined;

const operationOf = (dev: string): string => `wg show ${dev} dump`;

/** One result per name, in the order of the names. */
export async function readDevices(
  transport: Transport,
  family: number,
  names: readonly string[],
  zones: Pick<Zones, 'nameOf'>,
): Promise<Result[]> {
  const ask = (some: readonly string[]): Promise<Asked[]> => askOnce(transport, family, some, zones);
  const results: Result[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE);
    const asked = await ask(some);
    for (const [i, name] of some.entries()) {
      const first = asked[i];
      results.push(first?.again === undefined ? first?.result : await untilWhole(name, first.again, ask));
    }
  }
  return results;
}

/** Reads one device alone, so that no other listing disturbs it; gives up after five attempts if it changes all the time. */
async function untilWhole(
  name: string,
  code: string,
  ask: (names: readonly string[]) => Promise<Asked[]>,
): Promise<Result> {
  let reason = code;
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const [asked] = await ask([name]);
    if (asked?.again === undefined) return asked?.result;
    reason = asked.again;
  }
  const detail = `${errnoText(reason)} (${ATTEMPTS} attempts)`;
  return new HostError({ operation: operationOf(name), code: reason, detail });
}

interface Asked {
  readonly result: Result;
  /** why it must be read again: EBUSY, or EINTR if it changed while it was listed (NLM_F_DUMP_INTR) */
  readonly again?: string;
}

async function askOnce(
  transport: Transport,
  family: number,
  names: readonly string[],
  zones: Pick<Zones, 'nameOf'>,
): Promise<Asked[]> {
  const found: ReturnType<typeof addAnswer>[] = [];
  const requests = names.map((name, i) => ({
    message: encodeGetDevice(family, name),
    onAnswer: (answer: Message) => {
      if (answer.type === family) found[i] = addAnswer(found[i], answer, zones);
    },
  }));
  const answers = await transport.exchange('read WireGuard devices', requests);
  return names.map((name, i) => judge(name, answers[i], found[i]));
}

function judge(name: string, answer: Answer | undefined, found: WgDevice | undefined): Asked {
  const errno = answer?.errno ?? 0;
  const code = errnoName(errno);
  if (errno === 0) return answer?.interrupted === true ? { result: undefined, again: 'EINTR' } : { result: found };
  if (['EBUSY', 'EINTR', 'EAGAIN'].includes(code)) return { result: undefined, again: code };
  // the device was deleted meanwhile, or has another kind now; ENOENT: the module was unloaded
  if (['ENODEV', 'EOPNOTSUPP', 'ENOENT'].includes(code)) return { result: undefined };
  return { result: kernelError(operationOf(name), errno) };
}
