// Loads the model from the state file on the host. With its checks of files, the only part of config/ that reads the host.
import { isHostError } from '../host/error.ts';
import { ownKeys } from '../host/look.ts';
import { readSnippets } from '../host/snippets.ts';
import type { Files } from '../host/types.ts';
import { completeModel } from '../model/complete.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';
import type { Diagnostic } from './diagnostic.ts';
import { keyFileProblems } from './key-files.ts';
import type { PublicKeyOf } from './key-files.ts';
import { passwordFileProblems } from './password-files.ts';
import type { YamlMemory } from './plain-yaml.ts';
import { readState, sortDiagnostics, toDiagnostic } from './read-model.ts';
import { snippetProblems } from './snippets.ts';

export interface LoadedModel {
  readonly model: RouterModel | undefined;
  readonly diagnostics: Diagnostic[];
  /** '' if the file could not be read */
  readonly text: string;
}

/** Bytes. A thousand tunnels need a third of it. */
export const MAX_FILE_SIZE: number = 1024 * 1024;

function unread(path: string, code: string, message: string, hint: string): LoadedModel {
  const diagnostic = {
    file: path,
    line: 1,
    col: 1,
    length: 1,
    severity: 'error',
    code,
    message,
    hint,
    path: '',
  } as const;
  return { model: undefined, diagnostics: [diagnostic], text: '' };
}

const CAUSES: Readonly<Record<string, (path: string) => [code: string, message: string, hint: string]>> = {
  EACCES: (path) => ['file-unreadable', 'the file may not be read by this user', `run: sudo wgospf check ${path}`],
  EPERM: (path) => ['file-unreadable', 'the file may not be read by this user', `run: sudo wgospf check ${path}`],
  EISDIR: (path) => ['file-is-folder', 'a folder stands where the state file should be', `a file: ${path}/state.yaml`],
  ENOTDIR: (path) => ['file-missing', 'a part of its path is no folder', `run: ls -ld ${path.replace(/\/[^/]*$/, '')}`],
};

function failed(path: string, error: unknown): LoadedModel {
  if (!isHostError(error)) throw error;
  const cause = CAUSES[error.code]?.(path);
  if (cause !== undefined) return unread(path, ...cause);
  return unread(
    path,
    'file-unreadable',
    `the file cannot be read: ${error.detail} (${error.code})`,
    `run: ls -l ${path}`,
  );
}

async function readText(path: string, files: Pick<Files, 'read' | 'stat'>): Promise<string | LoadedModel> {
  try {
    const stat = await files.stat(path);
    if (stat !== undefined && stat.size > MAX_FILE_SIZE) {
      const size = (stat.size / MAX_FILE_SIZE).toFixed(1);
      return unread(
        path,
        'file-too-big',
        `the file has ${size} MiB, a state file has at most 1`,
        'the state of one router only',
      );
    }
    const text = stat === undefined ? undefined : await files.read(path);
    return text ?? unread(path, 'file-missing', 'there is no such file', `run: sudoedit ${path}`);
  } catch (error) {
    return failed(path, error);
  }
}

/** Files.read replaces every byte that is not UTF-8 by U+FFFD (WHATWG Encoding). */
function notUtf8(file: string, text: string): Diagnostic | undefined {
  const offset = text.indexOf('\ufffd');
  if (offset < 0) return undefined;
  const before = text.slice(0, offset).split('\n');
  return {
    file,
    line: before.length,
    col: (before.at(-1)?.length ?? 0) + 1,
    length: 1,
    severity: 'error',
    code: 'not-utf8',
    message: 'the file is not UTF-8 here',
    hint: 'the file saved as UTF-8, with the letters at this place typed again',
    path: '',
  };
}

/**
 * `path` should be absolute: key files are relative to its folder. Besides readModel's checks, it checks the existing key files,
 * and with `publicKeyOf` whether a peer's key is our own. Throws no HostError.
 */
export async function loadModel(
  path: string,
  files: Pick<Files, 'read' | 'stat' | 'list'>,
  env: HostEnv,
  publicKeyOf?: PublicKeyOf,
  memory?: YamlMemory,
): Promise<LoadedModel> {
  const text = await readText(path, files);
  if (typeof text !== 'string') return text;
  const broken = notUtf8(path, text);
  if (broken !== undefined) return { model: undefined, diagnostics: [broken], text };
  const { model, diagnostics, locator, keys, passwords } = readState(text, path, env, memory);
  const problems = [
    ...(await keyFileProblems(keys, files, publicKeyOf)),
    ...(await passwordFileProblems(passwords, files)),
    ...(model === undefined ? [] : await snippetProblems(model.bird, files, env.birdUser)),
  ];
  const all = sortDiagnostics([...diagnostics, ...problems.map((p) => toDiagnostic(locator, p))]);
  if (model === undefined || all.some((d) => d.severity === 'error'))
    return { model: undefined, diagnostics: all, text };
  const look = {
    ownKey: ownKeys(publicKeyOf ?? (() => Promise.resolve(undefined))),
    snippets: (pattern: string) => readSnippets(files, pattern),
  };
  return { model: await completeModel(model, look), diagnostics: all, text };
}
