// Many reads of one part of the host in one call.

/** One read by its name, with its arguments: `['read', '/etc/hosts']`. */
export type Question = readonly [read: string, ...args: unknown[]];

export interface Batched {
  /** makes all reads in one turn of the event loop; each has its own answer, or its own error */
  batch(questions: readonly Question[]): Promise<PromiseSettledResult<unknown>[]>;
}

type Reads = Readonly<Record<string, (...args: unknown[]) => unknown>>;

/** Makes the reads of a part that has no batch of its own, one call each. */
export const askEach = (part: object, questions: readonly Question[]): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(questions.map(async ([read, ...args]) => await (part as Reads)[read]?.(...args)));

/** Adds a `batch` that calls the part's single reads through `this`, so that it also calls a read that was replaced later. */
export const batched = <T extends object>(part: T): T & Batched => ({
  ...part,
  batch(questions) {
    return askEach(this, questions);
  },
});
