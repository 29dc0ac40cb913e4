// Checks the files with OSPF passwords: each exists, is private, and has a text that BIRD uses completely. No message shows a text.
import { isHostError } from '../host/error.ts';
import type { Files } from '../host/types.ts';
import { fileFault } from './key-files.ts';
import type { Path } from './locate.ts';
import type { Fault, Problem } from './problem.ts';
import { keyPath } from './resolve/key-file.ts';
import type { Resolved } from './resolve/types.ts';
import type { AuthenticationSaid, KeySaid } from './said.ts';

type Use = 'simple' | 'md5' | 'hmac';

export interface PasswordUse {
  readonly file: string;
  readonly path: Path;
  readonly use: Use;
}

/** Greatest length in bytes; BIRD silently ignores the rest of a longer password (RFC 2328, D.3, D.4). */
const LONGEST: Readonly<Record<Use, number>> = { simple: 8, md5: 16, hmac: 128 };

/** Number of random bytes whose base64 has the right length. */
const RANDOM: Readonly<Record<Use, number>> = { simple: 6, md5: 12, hmac: 24 };

const useOf = (type: AuthenticationSaid['type'], algorithm: KeySaid['algorithm']): Use =>
  type === 'simple' ? 'simple' : algorithm === 'md5' ? 'md5' : 'hmac';

function usesOf(said: AuthenticationSaid, path: Path, folder: string): PasswordUse[] {
  const named = [
    { said, path },
    ...(said.keys ?? []).flatMap((key, i) => (key === undefined ? [] : [{ said: key, path: [...path, 'keys', i] }])),
  ];
  return named.flatMap(({ said: { passwordFile, algorithm }, path: at }): PasswordUse[] => {
    if (passwordFile === undefined) return [];
    return [{ file: keyPath(folder, passwordFile), path: [...at, 'passwordFile'], use: useOf(said.type, algorithm) }];
  });
}

export function passwordUses({ ospfLinks, folder }: Resolved): PasswordUse[] {
  return ospfLinks.flatMap(({ ospf: { said, path } }) =>
    said.authentication === undefined ? [] : usesOf(said.authentication, [...path, 'authentication'], folder),
  );
}

/** Command that makes a password. It never overwrites a file (`set -C`, sh(1)). */
const draw = (file: string, use: PasswordUse['use']): string =>
  `(umask 077; set -C; head -c ${RANDOM[use]} /dev/urandom | base64 > ${file})`;

const missing = ({ file, use }: PasswordUse): Fault => ({
  code: 'password-file-missing',
  message: `there is no file ${file}; both ends need the same password`,
  hint: `run: ${draw(file, use)}, then copy it to the far end; if the far end has one, copy that instead`,
});

function textFault(text: string, { file, use }: PasswordUse): Fault | undefined {
  const password = text.replace(/\r?\n$/, '');
  const fault = (code: string, message: string, hint: string): Fault => ({ code, message, hint });
  // the existing file may be the only copy of the far end's password
  const another = `run: ${draw(`${file}.new`, use)}, name that file in passwordFile, then copy it to the far end`;
  if (password === '') return fault('password-empty', `${file} is empty`, another);
  if (/[\u0000-\u001f\u007f"\ufffd]/.test(password)) {
    const message = `the password in ${file} holds a line end, a quote or another character that BIRD cannot take`;
    return fault('password-characters', message, another);
  }
  const bytes = new TextEncoder().encode(password).length;
  if (bytes <= LONGEST[use]) return undefined;
  const kind = { simple: 'a simple password', md5: 'an MD5 key', hmac: 'a key' }[use];
  const message = `the password in ${file} has ${bytes} bytes, and ${kind} at most ${LONGEST[use]}`;
  return fault('password-long', message, another);
}

async function readFault(files: Pick<Files, 'read'>, use: PasswordUse): Promise<Fault | undefined> {
  try {
    const text = await files.read(use.file, { secret: true });
    return text === undefined ? missing(use) : textFault(text, use);
  } catch (error) {
    if (!isHostError(error)) throw error;
    const { detail, code } = error;
    const message = `${use.file} cannot be read: ${detail} (${code})`;
    return { code: 'key-file-unreadable', message, hint: `run: sudo ls -l ${use.file}` };
  }
}

/** Checks each file once for each use. */
export async function passwordFileProblems(
  uses: readonly PasswordUse[],
  files: Pick<Files, 'read' | 'stat'>,
): Promise<Problem[]> {
  const seen = new Map<string, Promise<Fault | undefined>>();
  const look = (use: PasswordUse): Promise<Fault | undefined> => {
    const key = `${use.use} ${use.file}`;
    const known =
      seen.get(key) ?? fileFault(use.file, files, missing(use)).then((fault) => fault ?? readFault(files, use));
    seen.set(key, known);
    return known;
  };
  const found = await Promise.all(uses.map(async (use) => ({ use, fault: await look(use) })));
  return found.flatMap(({ use: { path }, fault }) => (fault === undefined ? [] : [{ ...fault, path }]));
}
