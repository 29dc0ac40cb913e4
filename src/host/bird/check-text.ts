// Checks a bird.conf that is not installed yet with the installed BIRD: in a folder in memory that only root and BIRD's own user
// can enter, together with the passwords that it includes. The folder is removed afterwards.
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupExists, lookupOwner } from '../accounts.ts';
import { hostError } from '../errno.ts';
import { createFiles } from '../files.ts';
import { findProgram } from '../find-program.ts';
import type { BirdCandidate, Files } from '../types.ts';
import { checkBirdConfig } from './check.ts';
import { createSecrets } from './secrets.ts';

const MODE = 0o640;

/** BIRD's complaint about a file contains line and column; the error of a `bird` that cannot run, or ends otherwise, does not. */
const COMPLAINT = /:\d+:\d+ /;

type Check = (candidate: BirdCandidate) => Promise<string | undefined>;

/**
 * Remembers an accepted text, and accepts it again without starting a program while the program and the password files are the
 * same: while a foreign bird.conf is in its place, every pass asks this. Checks a refused text again each time.
 */
export function createCheckText(check: Check = checkBirdText, files: Pick<Files, 'stat'> = createFiles()): Check {
  let taken: string | undefined;
  return async (candidate) => {
    const passwords = candidate.secrets.map(({ file }) => files.stat(file));
    const question = JSON.stringify([candidate, await findProgram(files, 'bird'), await Promise.all(passwords)]);
    if (question === taken) return undefined;
    const said = await check(candidate);
    taken = said === undefined ? question : undefined;
    return said;
  };
}

/** undefined if BIRD accepts the text, else its message with the file's final name. */
export async function checkBirdText(candidate: BirdCandidate): Promise<string | undefined> {
  const operation = `bird -p -c ${candidate.path}`;
  const folder = await privateFolder(operation);
  try {
    const said = await checkBirdConfig(await put(candidate, folder, operation), candidate.socket);
    if (said === undefined || !COMPLAINT.test(said)) return undefined;
    return said
      .replaceAll(join(folder, 'bird.conf'), candidate.path)
      .replaceAll(join(folder, 'secrets.conf'), candidate.secretsFile);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In memory if the host has /dev/shm, so that the passwords are not written to a disk. */
async function privateFolder(operation: string): Promise<string> {
  try {
    return await mkdtemp('/dev/shm/wgospf-').catch(() => mkdtemp(join(tmpdir(), 'wgospf-')));
  } catch (error) {
    throw hostError(operation, error);
  }
}

async function put(candidate: BirdCandidate, folder: string, operation: string): Promise<string> {
  const { text, secretsFile, secrets } = candidate;
  const [conf, passwords] = [join(folder, 'bird.conf'), join(folder, 'secrets.conf')];
  const group = (await groupExists('bird')) ? 'bird' : 'root';
  const files = createFiles();
  if (secrets.length > 0) await createSecrets(files).write(passwords, secrets, group);
  const owner = `root:${group}`;
  await files.write(
    conf,
    text.replace(`include "${secretsFile}";`, () => `include "${passwords}";`),
    { mode: MODE, owner },
  );
  const { uid, gid } = await lookupOwner(owner, operation);
  try {
    await chown(folder, uid, gid);
    await chmod(folder, 0o750);
  } catch (error) {
    throw hostError(operation, error);
  }
  return conf;
}
