// Finds the operator's files that bird.conf includes, with the same rules as BIRD (glob(3): no hidden files, sorted).
import { createHash } from 'node:crypto';
import { matchesPattern } from '../net/name-pattern.ts';
import { isHostError } from './error.ts';
import type { Files } from './types.ts';

export interface Snippet {
  readonly file: string;
  readonly text: string;
  /** first 16 hex digits of the SHA-256 of the text; '' for a file that cannot be read */
  readonly digest: string;
}

/** `pattern`: an absolute path whose last part may contain `*` and `?`. Never throws a HostError. */
export async function readSnippets(files: Pick<Files, 'read' | 'list'>, pattern: string): Promise<Snippet[]> {
  const at = pattern.lastIndexOf('/');
  const [folder, name] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const names = /[*?]/.test(name) ? await matching(files, folder, name) : [name];
  const read = await Promise.all(names.map((found) => readOne(files, `${folder}/${found}`)));
  return read.filter((snippet) => snippet !== undefined);
}

async function matching(files: Pick<Files, 'list'>, folder: string, pattern: string): Promise<string[]> {
  try {
    const names = await files.list(folder);
    return names.filter((name) => matchesPattern(pattern, name) && (!name.startsWith('.') || pattern.startsWith('.')));
  } catch (error) {
    if (isHostError(error)) return [];
    throw error;
  }
}

async function readOne(files: Pick<Files, 'read'>, file: string): Promise<Snippet | undefined> {
  try {
    const text = await files.read(file);
    return text === undefined ? undefined : { file, text, digest: digestOf(text) };
  } catch (error) {
    if (isHostError(error)) return { file, text: '', digest: '' };
    throw error;
  }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
