// A time in the state file: `2026-12-24 18:30:00`; the time of day may be shorter or absent. Pure.

/** The full form; undefined if the text is not a time of the calendar. */
export function canonicalMoment(text: string): string | undefined {
  const m = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (m === null) return undefined;
  const [year, month, day, hour = '00', minute = '00', second = '00'] = m.slice(1) as (string | undefined)[];
  const full = `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  const time = new Date(`${full.replace(' ', 'T')}Z`);
  if (Number.isNaN(time.getTime())) return undefined;
  // Date reads 30 February as 2 March
  return time.toISOString().slice(0, 19).replace('T', ' ') === full ? full : undefined;
}
