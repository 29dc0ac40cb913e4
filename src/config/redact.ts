// Removes keys from texts: no key may reach a terminal, a journal or a bug report, even if it is in the wrong place of the file.

/** Base64 of 32 bytes, complete or with its end cut off; the text after `publicKey:` may be shown. */
const KEY =
  /(publicKey["']?\s*:\s*["']?)?(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{42,43}=|[A-Za-z0-9+/]{40,44})(?![A-Za-z0-9+/])/gi;

/** Whether the text mixes characters as keys do; a path of 40 letters does not. */
const isKey = (text: string): boolean =>
  text.endsWith('=') || (/[a-z]/.test(text) && /[A-Z]/.test(text) && /[0-9]/.test(text));

/** Replaces each key by as many stars, so that columns stay the same. */
export const redact = (text: string): string =>
  text.length < 40
    ? text
    : text.replace(KEY, (found: string, publicKey: string | undefined) =>
        publicKey !== undefined || !isKey(found) ? found : '*'.repeat(found.length),
      );
