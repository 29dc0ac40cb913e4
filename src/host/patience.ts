// A deadline for an answer that counts only the time in which the process could have read it. An expired timer runs before any read
// (uv_run: timers, then poll), so after a busy period a plain timer would take an answer that has already arrived for late.

/** A busy period of the event loop counts as one of these slices, however long it is. */
const SLICES = 10;

export interface Patience {
  /** something was received: the deadline starts again */
  readonly heard: () => void;
  /** the answer has arrived, or nobody waits for it any more */
  readonly end: () => void;
}

/** Calls `late` once after `ms` without `heard`, and after one more turn of the event loop in which an answer could be read. */
export function patience(ms: number, late: () => void): Patience {
  let left = SLICES;
  let ended = false;
  const next = (): NodeJS.Timeout =>
    setTimeout(() => {
      left -= 1;
      if (left > 0) timer = next();
      else setImmediate(lastLook);
    }, ms / SLICES);
  const lastLook = (): void => {
    if (ended) return;
    if (left > 0) timer = next();
    else late();
  };
  let timer = next();
  return {
    heard: () => {
      left = SLICES;
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
    },
  };
}
