// Removes key material from the messages of `wg`, which quotes lines and keys that it cannot read. Pure.

const HIDDEN = '(hidden)';

/** wireguard-tools src/config.c: errors that quote a part of the key or the configuration, which may span lines */
const QUOTING = /((?:Key|Line|Found|Unrecognized|Unable to parse)[^`\n]*)`[^']*'?/g;
/** a text that may be a key, or most of one */
const KEY_LIKE = /[A-Za-z0-9+/]{40,}={0,2}/g;

/** @param shown texts that may stay: public keys and file names */
export function scrub(text: string, shown: readonly string[] = []): string {
  return text
    .replaceAll(QUOTING, `$1${HIDDEN}`)
    .replaceAll(KEY_LIKE, (word) => (shown.some((s) => s.includes(word)) ? word : HIDDEN));
}
