// How long to wait before something that failed is tried again: 1 s, doubled each time up to 5 minutes, for ever. Pure.

const FIRST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** the part of the delay that chance takes off, so that many routers do not try in step */
const JITTER = 0.2;

/**
 * @param tries how many times in a row it has failed before, from 0
 * @param random from 0 to 1
 */
export function retryDelay(tries: number, random: number): number {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 20));
  return Math.round(whole * (1 - JITTER * random));
}
