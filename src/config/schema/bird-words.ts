// Reads texts that go into bird.conf unchanged, or that have their own form: none may break its grammar.
import { canonicalMoment } from './moment.ts';
import { fault, patterned, reader, shown, type Reader } from './fault.ts';
import { BIRD_NAME, INTERFACE_PATTERN, MOMENT, SNIPPETS } from './patterns.ts';

/** A symbol of BIRD 1.6 and later (conf/cf-lex.l), at most 63 characters. */
export const birdName = (example: string): Reader<string> =>
  patterned(BIRD_NAME, (text) =>
    new RegExp(BIRD_NAME).test(text)
      ? undefined
      : fault('bad-name', `\`${shown(text)}\` is no name in BIRD's language`, example),
  );

/** `wg*`: characters of interface names, with `*` and `?`. `*` alone would match every interface. */
export const interfacePattern = (example: string): Reader<string> =>
  patterned(INTERFACE_PATTERN, (text) => {
    if (!/^[A-Za-z0-9_.*?-]{1,15}$/.test(text)) {
      return fault('bad-pattern', `\`${shown(text)}\` is no pattern of interface names`, example);
    }
    if (/^[A-Za-z0-9_.]{2}/.test(text)) return undefined;
    return fault('bad-pattern', `\`${text}\` would match interfaces that are none of the mesh's`, example);
  });

/** The path of snippets: absolute, with `*` only in its last part. */
export const snippetPattern = (example: string): Reader<string> =>
  patterned(SNIPPETS, (text) => {
    const at = text.lastIndexOf('/');
    if (!text.startsWith('/')) return fault('bad-path', `\`${shown(text)}\` does not start at the root`, example);
    if (!/^[A-Za-z0-9_.*?/-]+$/.test(text) || /[*?]/.test(text.slice(0, at)) || at === text.length - 1) {
      return fault('bad-path', `\`${shown(text)}\` is no file name that BIRD's include takes here`, example);
    }
    return undefined;
  });

/** a time, in its full form (canonicalMoment) */
export const moment: Reader<string> = reader(
  MOMENT,
  (text) =>
    canonicalMoment(text) ??
    fault('bad-time', `\`${shown(text)}\` is no date, nor a date with a time of day`, '2026-12-24 18:30:00'),
);
