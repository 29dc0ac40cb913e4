// One listing of the kernel's objects, whole: repeated while the kernel says that it changed under way.
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
}

/** All objects of one dump. HostError EINTR or EBUSY after five interrupted ones. */
export async function dump<T>(transport: Transport, { operation, message, decode }: DumpRequest<T>): Promise<T[]> {
  let code = 'EINTR';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const found: T[] = [];
    const onAnswer = (answer: Message): void => {
      const item = decode(answer);
      if (item !== undefined) found.push(item);
    };
    const [answer] = await transport.exchange(operation, [{ message, onAnswer }]);
    const errno = answer?.errno ?? 0;
    if (errno === 0 && answer?.interrupted === false) return found;
    code = errno === 0 ? 'EINTR' : errnoName(errno);
    if (!passing.has(code)) throw kernelError(operation, errno);
  }
  throw new HostError({ operation, code, detail: `${errnoText(code)} (${ATTEMPTS} attempts)` });
}
