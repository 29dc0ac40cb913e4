// A deadline for an answer, which counts the time in which we could have read it. A timer that is due runs before anything is
// read (uv_run: timers, then poll), so after a busy stretch of our own a plain one finds late what has long been there.

/** A stretch of the loop being busy counts as one of these, however long it is. */
const SLICES = 10;

export interface Patience {
  /** a sign of life: the time begins anew */
  readonly heard: () => void;
  /** the answer is there, or nobody waits for it any more */
  readonly end: () => void;
}

/** Calls `late` once after `ms` without a sign of life, and after a last turn of the loop in which one could be read. */
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
