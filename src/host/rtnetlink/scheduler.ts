// Runs the queue: joins the writes of one tick, keeps the order of the calls, and runs one batch or listing at a time.
import { takeBatch, type Job, type Write, type WriteJob } from './queue.ts';

export interface Scheduler {
  readonly write: (write: Write) => Promise<void>;
  /** runs an action that needs the socket exclusively: a listing, a query */
  readonly read: <T>(action: () => Promise<T>) => Promise<T>;
}

/** @param sendBatch never rejects; returns jobs that go to the head of the queue */
export function createScheduler(sendBatch: (batch: readonly WriteJob[]) => Promise<WriteJob[]>): Scheduler {
  const queue: Job[] = [];
  let running = false;

  const run = async (): Promise<void> => {
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      if (head.kind === 'read') {
        queue.shift();
        await head.run();
      } else queue.unshift(...(await sendBatch(takeBatch(queue))));
    }
    running = false;
  };
  const enqueue = (job: Job): void => {
    queue.push(job);
    if (running) return;
    running = true;
    // not a microtask: calls of several async functions in one turn of the event loop go together
    setImmediate(() => void run());
  };
  return {
    write: (write) =>
      new Promise((resolve, reject) => enqueue({ kind: 'write', write, again: false, resolve, reject })),
    read: (action) =>
      new Promise((resolve, reject) => {
        enqueue({ kind: 'read', run: () => action().then(resolve, reject) });
      }),
  };
}
