// One listing of the kernel's objects, whole: repeated while they change under way.
import { HostError } from '../error.ts';
import { errnoName, errnoText, kernelError } from './kernel-error.ts';
import type { Message } from './message.ts';
import type { Transport } from './transport.ts';

const ATTEMPTS = 5;
/** Another dump runs, or the listed tables changed; both pass. */
const passing: ReadonlySet<string> = new Set(['EINTR', 'EBUSY', 'EAGAIN']);

export interface DumpRequest<T> {
  /** `list rules (IPv4)` */
  readonly operation: string;
  readonly message: Buffer;
  /** undefined: not one of the objects asked for */
  readonly decode: (message: Message) => T | undefined;
  /**
   * Given where the kernel does not say that a listing was interrupted: then one that took several datagrams must come out
   * the same twice in a row.
   */
  readonly same?: (a: T, b: T) => boolean;
  /**
   * Given where nothing tells of an interrupted listing and the objects never stand still: what makes one the same in two
   * listings. One that took several datagrams is then made twice, and an object is there that either of them has.
   */
  readonly identity?: (item: T) => string;
}

/** All objects of one dump. HostError EINTR or EBUSY after five interrupted ones. */
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

/** The later listing, and behind it what the former alone has. */
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
