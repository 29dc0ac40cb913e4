// Cures for a private key file without a key that `wg` accepts. The file may be the only copy: every cure leaves it unchanged, and
// writes a new file (`set -C`, sh(1)).
import { KEY_FORMS, type KeyForm } from '../net/key-form.ts';
import type { Fault } from './problem.ts';

/** The command that prints only the key of a file in this form (src/net/key-form.ts). */
const EXTRACT: Readonly<Record<KeyForm, (file: string) => string>> = {
  KEY_IN_CONFIG: (file) => `sed -n 's/^[^#]*PrivateKey[ \\t]*=[ \\t]*\\([A-Za-z0-9+/]*=\\).*/\\1/Ip' ${file}`,
  KEY_AMONG_OTHER_TEXT: (file) => `grep -aoE '[A-Za-z0-9+/]{43}=' ${file}`,
  KEY_WITHOUT_PADDING: (file) => `sed -n 's/[A-Za-z0-9+\\/]\\{43\\}/&=/p' ${file}`,
  KEY_IN_HEX: (file) => `perl -ne 'print pack("H*", $1) if /([0-9a-f]{64})/i' ${file} | base64`,
};

/** The name, quoted for the shell if it needs quotes. */
const quoted = (name: string): string => (/^[\w./@+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

export interface BadKeyFile {
  readonly file: string;
  readonly code: string;
  readonly detail: string;
  /** a name without a file yet: as the state file would name it, and the absolute path */
  readonly free: { readonly name: string; readonly file: string };
  readonly tunnel: string;
}

const isForm = (code: string): code is KeyForm => Object.hasOwn(KEY_FORMS, code);

export function badKeyFile({ file, code, detail, free, tunnel }: BadKeyFile): Fault {
  const shared = { code: 'key-file-bad', message: `${file} holds no private key: ${detail}` };
  if (!isForm(code)) {
    const made = `which is made: of the key that ${tunnel} has where it is up, else of a new one that the far end needs`;
    return { ...shared, hint: `privateKeyFile: ${free.name}, ${made}` };
  }
  const folder = quoted(free.file.replace(/\/[^/]*$/, ''));
  const command = `(umask 077; set -C; mkdir -p ${folder}; ${EXTRACT[code](quoted(file))} > ${quoted(free.file)})`;
  return { ...shared, hint: `run: ${command}, then write: privateKeyFile: ${free.name}` };
}
