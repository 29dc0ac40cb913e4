// Many reads of one part of the host in one call.

/** One read by its name, with its arguments: `['read', '/etc/hosts']`. */
export type Question = readonly [read: string, ...args: unknown[]];

export interface Batched {
  /** all made in one turn; each has its own answer, or its own error */
  batch(questions: readonly Question[]): Promise<PromiseSettledResult<unknown>[]>;
}

type Reads = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** The reads of a part that has no batch of its own. */
export const askEach = (part: object, questions: readonly Question[]): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(questions.map(async ([read, ...args]) => await (part as Reads)[read]?.(...args)));

/** The part with its batches, made of its single reads: whoever puts another read in place of one is heard. */
export const batched = <T extends object>(part: T): T & Batched => ({
  ...part,
  batch(questions) {
    return askEach(this, questions);
  },
});
