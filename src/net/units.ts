// Numbers as people read them.

/** `1 operation`, `3 operations` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** milliseconds as `<1 ms`, `41 ms`, `2.30 s` */
export function formatMs(ms: number): string {
  if (ms >= 1000) return formatSeconds(ms);
  return ms < 1 ? '<1 ms' : `${Math.round(ms)} ms`;
}

/** milliseconds as `0.41 s` */
export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const ages = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** Seconds in their largest whole unit: `12 s`, `4 min`, `3 h`, `2 d`. */
export function formatAge(seconds: number): string {
  const [size, unit] = ages.find(([s]) => seconds >= s) ?? [1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** Seconds as they are up to two minutes, then in their largest whole unit: `85 s`, `4 min`. */
export const formatSpan = (seconds: number): string =>
  seconds < 120 ? `${Math.floor(seconds)} s` : formatAge(seconds);

/** Bytes in IEC units, as `wg show` prints them: `120 B`, `1.50 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toFixed(2)} ${units[power] ?? ''}`;
}

/** milliseconds since the epoch as the time of day here: `19:40:12` */
export const formatClock = (at: number): string => new Date(at).toTimeString().slice(0, 8);
