// One complete listing of the kernel's objects: repeated if they change meanwhile.
import { HostError } from '../error.ts';
import { errnoName, errnoText, kernelError } from './kernel-error.ts';
import type { Message } from './message.ts';
import type { Transport } from './transport.ts';

const ATTEMPTS = 5;
/** Temporary errors: another dump runs, or the listed tables changed. */
const passing: ReadonlySet<string> = new Set(['EINTR', 'EBUSY', 'EAGAIN']);

export interface DumpRequest<T> {
  /** `list rules (IPv4)` */
  readonly operation: string;
  readonly message: Buffer;
  /** undefined: not one of the requested objects */
  readonly decode: (message: Message) => T | undefined;
  /**
   * For objects whose listing the kernel does not mark as interrupted: a listing of several datagrams must then be the same
   * twice in a row.
   */
  readonly same?: (a: T, b: T) => boolean;
  /**
   * For objects whose listing the kernel does not mark as interrupted, and that change all the time: the key of an object. A
   * listing of several datagrams is then made twice, and the result has the objects of both.
   */
  readonly identity?: (item: T) => string;
}

/** All objects of one dump. Throws a HostError EINTR or EBUSY after five interrupted dumps. */
export async function dump<T>(transport: Transport, request: DumpRequest<T>): Promise<T[]> {
  const { operation, same, identity } = request;
  let code = 'EINTR';
  let former: readonly T[] | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { found, datagrams, errno, interrupted } = await listOnce(transport, request);
    code = errno === 0 ? 'EINTR' : errnoName(errno);
    if (errno !== 0 && !passing.has(code)) throw kernelError(operation, errno);
    if (errno !== 0 || interrupted) continue;
    if ((same === undefined && identity === undefined) || datagrams < 2) return found;
    if (same !== undefined && alike(former, found, same)) return found;
    if (identity !== undefined && former !== undefined) return union(former, found, identity);
    former = found;
  }
  throw new HostError({ operation, code, detail: `${errnoText(code)} (${ATTEMPTS} attempts)` });
}

/** The later listing, followed by the objects that only the former has. */
function union<T>(former: readonly T[], found: readonly T[], identity: (item: T) => string): T[] {
  const known = new Set(found.map(identity));
  return [...found, ...former.filter((item) => !known.has(identity(item)))];
}

interface Listing<T> {
  readonly found: T[];
  readonly datagrams: number;
  readonly errno: number;
  readonly interrupted: boolean;
}

async function listOnce<T>(transport: Transport, { operation, message, decode }: DumpRequest<T>): Promise<Listing<T>> {
  const found: T[] = [];
  const datagrams = new Set<Buffer>();
  const onAnswer = (answer: Message): void => {
    datagrams.add(answer.bytes);
    const item = decode(answer);
    if (item !== undefined) found.push(item);
  };
  const [answer] = await transport.exchange(operation, [{ message, onAnswer }]);
  return { found, datagrams: datagrams.size, errno: answer?.errno ?? 0, interrupted: answer?.interrupted ?? false };
}

const alike = <T>(former: readonly T[] | undefined, found: readonly T[], same: (a: T, b: T) => boolean): boolean =>
  former?.length === found.length &&
  found.every((item, index) => {
    const other = former[index];
    return other !== undefined && same(item, other);
  });
