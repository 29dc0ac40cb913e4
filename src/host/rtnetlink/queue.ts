// The calls in their order. Writes of one tick are joined to batches; a listing stands between batches as its own step.
import type { RuleInfo } from '../types.ts';

/**
 * Unread acknowledgements must fit in the receive buffer: 768 bytes each, 1280 where the kernel sends a refused message
 * back, of the 212992 that a kernel gives by default. An overflow would abort the process (netlink-socket.ts).
 */
export const BATCH_SIZE = 64;

/** One message that changes something. */
export interface Write {
  /** `add route 10.70.89.0/31 dev wg222 table 2` */
  readonly operation: string;
  /** plain words by errno name, where the general ones would mislead */
  readonly words?: Readonly<Record<string, string>>;
  /** the link that it is about, '' for none */
  readonly link: string;
  /** the message carries the index of `link`, or of `carries` where that is said */
  readonly needsIndex: boolean;
  /** another link than `link`: the master that it gets */
  readonly carries?: string;
  /** adds or deletes `link`: its index is another one afterwards */
  readonly changesIndex: boolean;
  /** set for rules: a delete is checked against the rules that stand there */
  readonly rule?: { readonly action: 'add' | 'delete'; readonly rule: RuleInfo };
  encode(ifindex: number): Buffer;
  /** a message that follows at once where this one succeeded, and only then */
  readonly next?: Write;
}

/** The link whose index the message carries, where it carries one. */
export const carriedLink = ({ carries, link }: Write): string => carries ?? link;

export interface WriteJob {
  readonly kind: 'write';
  readonly write: Write;
  /** a second try, after a cached index turned out stale */
  readonly again: boolean;
  resolve(): void;
  reject(error: unknown): void;
}

export interface ReadJob {
  readonly kind: 'read';
  /** settles the caller's promise itself and never rejects */
  run(): Promise<void>;
}

export type Job = WriteJob | ReadJob;

/**
 * Takes the writes from the head of the queue that can travel together: no more than BATCH_SIZE, and none about a link that
 * an earlier one of them adds or deletes, as its index, or even its existence, is known only afterwards.
 */
export function takeBatch(queue: Job[]): WriteJob[] {
  const batch: WriteJob[] = [];
  const changed = new Set<string>();
  for (const job of queue) {
    if (job.kind === 'read' || batch.length === BATCH_SIZE || changed.has(job.write.link)) break;
    if (changed.has(carriedLink(job.write))) break;
    if (job.write.changesIndex) changed.add(job.write.link);
    batch.push(job);
  }
  queue.splice(0, batch.length);
  return batch;
}
