// Keys must not reach a terminal, a journal or a bug report, even those that somebody wrote where they do not belong.

/** Base64 of 32 bytes, whole or with its end cut off; text behind `publicKey:` is meant to be seen. */
const KEY =
  /(publicKey["']?\s*:\s*["']?)?(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{42,43}=|[A-Za-z0-9+/]{40,44})(?![A-Za-z0-9+/])/gi;

/** A path of 40 letters has no such mixture. */
const isKey = (text: string): boolean =>
  text.endsWith('=') || (/[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text));

/** Stars in place of each key, so that columns stay. */
export const redact = (text: string): string =>
  text.length < 40
    ? text
    : text.replace(KEY, (found: string, publicKey: string | undefined) =>
        publicKey !== undefined || !isKey(found) ? found : '*'.repeat(found.length),
      );
