// The file with the passwords of OSPF that bird.conf includes; each password is a constant. Copies the passwords from file to file, and
// returns only whether they are right, and a random number that shows which version of the file BIRD runs (`eval wgospf_secrets`).
import { randomBytes } from 'node:crypto';
import { HostError } from '../error.ts';
import type { BirdSecrets, BirdSecretSource, Files } from '../types.ts';

const HEAD = '# Managed by wgospf: passwords of OSPF, which bird.conf includes; changes made here are overwritten.\n';
const MODE = 0o640;
/** Other users cannot list it; BIRD's user must be able to enter it to reach the file. */
const STATE_FOLDER = '/var/lib/wgospf';
const NONCE = /^define wgospf_secrets = "([0-9a-f]{16})";$/m;

export function createSecrets(files: Files): BirdSecrets {
  return {
    async state(file, sources) {
      const [text, passwords] = [await files.read(file), await readAll(files, sources)];
      if (text === undefined) return undefined;
      const nonce = NONCE.exec(text)?.[1] ?? '';
      return { nonce, right: passwords !== undefined && text === render(passwords, nonce) };
    },
    async write(file, sources, group) {
      const passwords = await Promise.all(sources.map((source) => readPassword(files, source)));
      const text = render(passwords, randomBytes(8).toString('hex'));
      await files.write(file, text, { mode: MODE, owner: `root:${group}`, passable: STATE_FOLDER });
    },
  };
}

interface Password {
  readonly constant: string;
  readonly text: string;
}

const render = (passwords: readonly Password[], nonce: string): string =>
  [
    HEAD,
    `define wgospf_secrets = "${nonce}";\n`,
    ...passwords.map((p) => `define ${p.constant} = "${p.text}";\n`),
  ].join('');

/** undefined if a password cannot be read: `write` throws the reason. */
async function readAll(files: Files, sources: readonly BirdSecretSource[]): Promise<Password[] | undefined> {
  try {
    return await Promise.all(sources.map((source) => readPassword(files, source)));
  } catch (error) {
    if (error instanceof HostError) return undefined;
    throw error;
  }
}

async function readPassword(files: Files, { constant, file }: BirdSecretSource): Promise<Password> {
  const fail = (code: string, detail: string): never => {
    throw new HostError({ operation: `read the password in ${file}`, code, detail });
  };
  const read =
    (await files.read(file, { secret: true })) ??
    fail('ENOENT', 'the file does not exist; write the password into it (mode 0600)');
  const text = read.replace(/\r?\n$/, '');
  // a string of BIRD's configuration ends at the next quote, and has no escapes (conf/cf-lex.l)
  if (text === '' || /["\n\r\0]/.test(text)) fail('EINVAL', 'a password is one line without quotes (")');
  return { constant, text };
}
