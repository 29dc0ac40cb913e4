// The calls in their order. Writes of one tick form batches; a listing is a step of its own between batches.
import type { RuleInfo } from '../types.ts';

/**
 * Unread acknowledgements must fit in the receive buffer of 212992 bytes (the kernel's default): 768 bytes each, 1280 if the
 * kernel returns a refused message. An overflow would abort the process (netlink-socket.ts).
 */
export const BATCH_SIZE = 64;

/** One message that changes something. */
export interface Write {
  /** `add route 10.70.89.0/31 dev wg222 table 2` */
  readonly operation: string;
  /** texts by errno name, if the general ones would mislead */
  readonly words?: Readonly<Record<string, string>>;
  /** the link that it changes, '' for none */
  readonly link: string;
  /** the message carries the index of `carries` if set, else of `link` */
  readonly needsIndex: boolean;
  /** the new master of `link`, whose index the message carries instead */
  readonly carries?: string;
  /** adds or deletes `link`, so that its index changes */
  readonly changesIndex: boolean;
  /** set for rules: a delete is compared with the existing rules first */
  readonly rule?: { readonly action: 'add' | 'delete'; readonly rule: RuleInfo };
  encode(ifindex: number): Buffer;
  /** a message that follows at once, only if this one succeeded */
  readonly next?: Write;
}

/** The link whose index the message carries, if it carries one. */
export const carriedLink = ({ carries, link }: Write): string => carries ?? link;

export interface WriteJob {
  readonly kind: 'write';
  readonly write: Write;
  /** a second try, because a cached index was out of date */
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
 * Takes the writes from the head of the queue that can be sent together: at most BATCH_SIZE, and none for a link that an
 * earlier one of them adds or deletes, because the link's index is known only afterwards.
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
