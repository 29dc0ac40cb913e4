// The form of a text that should be one WireGuard key, so that the key in it can be recovered. Pure; returns no part of it.
import { isWireguardKey } from './names.ts';

/** The code of the error about a key file in this form. */
export type KeyForm = 'KEY_IN_CONFIG' | 'KEY_AMONG_OTHER_TEXT' | 'KEY_WITHOUT_PADDING' | 'KEY_IN_HEX';

const PRIVATE_KEY = /^[^#\n]*PrivateKey[ \t]*=[ \t]*([A-Za-z0-9+/]{43}=)/gim;
const KEY_LIKE = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g;

/** undefined if no key can certainly be recovered: there is none, or several. */
export function keyForm(text: string): KeyForm | undefined {
  const keys = (found: readonly string[]): boolean => found.length === 1 && found.every(isWireguardKey);
  const bare = text.trim();
  if (keys([...text.matchAll(PRIVATE_KEY)].map((m) => m[1] ?? ''))) return 'KEY_IN_CONFIG';
  if (/PrivateKey/i.test(text)) return undefined;
  if (keys(text.match(KEY_LIKE) ?? [])) return 'KEY_AMONG_OTHER_TEXT';
  if (bare.length === 43 && isWireguardKey(`${bare}=`)) return 'KEY_WITHOUT_PADDING';
  return /^[0-9a-f]{64}$/i.test(bare) ? 'KEY_IN_HEX' : undefined;
}

export const KEY_FORMS: Readonly<Record<KeyForm, string>> = {
  KEY_IN_CONFIG: "it is in the format of wg-quick's and wg's configuration, and a key file holds the key alone",
  KEY_AMONG_OTHER_TEXT: 'beside the key there is other text in it, and a key file holds the key alone',
  KEY_WITHOUT_PADDING: 'the key in it has lost the = at its end',
  KEY_IN_HEX: 'the key in it is in hexadecimal, and `wg` takes base64',
};
