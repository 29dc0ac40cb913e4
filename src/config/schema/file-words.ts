// Reads keys, file names and names of tables. No message ever shows the text of a key: somebody may have pasted the private one.
import { isWireguardKey } from '../../net/names.ts';
import type { Fault } from '../problem.ts';
import { fault, patterned, shown, type Reader } from './fault.ts';
import { ABSOLUTE_FILE, FILE, TABLE_NAME, WIREGUARD_KEY } from './patterns.ts';

export const publicKey: Reader<string> = patterned(WIREGUARD_KEY, (text) => {
  if (isWireguardKey(text)) return undefined;
  const hint = 'the 44 characters that `wg pubkey` prints at the far end, ending in =';
  if (text.length !== 44)
    return fault('bad-key', `a WireGuard key has 44 characters, this text has ${text.length}`, hint);
  return fault('bad-key', 'the text is not the base64 of 32 bytes, as a WireGuard key is', hint);
});

const filePath = (text: string): Fault | undefined => {
  if (text === '') return fault('bad-path', 'the file name is empty', 'keys/wg222.key');
  if (text.startsWith('~')) {
    return fault('bad-path', 'a leading ~ is not replaced by a home folder here', text.replace(/^~[^/]*/, '/root'));
  }
  if (text.endsWith('/')) return fault('bad-path', `\`${shown(text)}\` names a folder`, `${text}wg222.key`);
  // these characters would break the command line of wg and the lines of bird.conf
  if (/[\u0000-\u001f\u007f"]/.test(text)) {
    return fault('bad-path', 'the file name holds a quote or a control character', 'keys/wg222.key');
  }
  return undefined;
};

export const keyFile: Reader<string> = patterned(FILE, (text) =>
  isWireguardKey(text)
    ? fault(
        'key-in-file',
        'this is a key itself; everybody who can read this file could read it',
        'the name of a file that contains it: keys/wg222.key',
      )
    : filePath(text),
);

/** At most 107 bytes, the limit of a Unix socket's path (sys/un.h). */
export const absolutePath = (example: string): Reader<string> =>
  patterned(ABSOLUTE_FILE, (text) => {
    if (!text.startsWith('/')) return fault('bad-path', `\`${shown(text)}\` does not start at the root`, example);
    const bytes = new TextEncoder().encode(text).length;
    return bytes > 107 ? fault('bad-path', `the path has ${bytes} bytes, more than 107`, example) : filePath(text);
  });

/** Words that ip(8) accepts in place of a table. */
const TABLE_WORDS: readonly string[] = ['main', 'default', 'local', 'unspec', 'all', 'cache'];

export const tableName: Reader<string> = patterned(TABLE_NAME, (text) => {
  if (text === 'main') {
    const hint = 'name: nycmesh; or table: main, if the mesh is the only uplink of the router';
    return fault('reserved-table', "`main` is the kernel's own table", hint);
  }
  if (TABLE_WORDS.includes(text)) return fault('reserved-table', `\`${text}\` is a word of ip(8) itself`, 'nycmesh');
  return /^[A-Za-z][A-Za-z0-9_-]{0,30}$/.test(text)
    ? undefined
    : fault(
        'bad-table-name',
        `\`${shown(text)}\` is no name for a routing table`,
        'nycmesh, or another letter and then at most 30 letters, digits, - or _',
      );
});
