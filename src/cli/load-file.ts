// The state file by its name, or from standard input if the name is `-`, as in most programs.
import { resolve } from 'node:path';
import { loadModel } from '../config/load.ts';
import { probeEnv } from '../host/probe.ts';
import type { Host } from '../host/types.ts';
import type { Loaded } from './context.ts';
import { asOrdinaryUser } from './ordinary-user.ts';

export const STANDARD_INPUT = '-';
/** Relative key files of a text without a folder start from the folder of the installed file. */
const INPUT_PATH = '/etc/wgospf/-';

type Files = Pick<Host['files'], 'read' | 'stat' | 'list'>;

const withInput = (files: Files, text: string): Files => ({
  ...files,
  list: (folder) => files.list(folder),
  read: (path, options) => (path === INPUT_PATH ? Promise.resolve(text) : files.read(path, options)),
  stat: (path) =>
    path === INPUT_PATH
      ? Promise.resolve({ mode: 0o600, uid: 0, gid: 0, size: Buffer.byteLength(text), mtime: 0 })
      : files.stat(path),
});

/** Relative key files start from the state file's folder, so it is looked up whole; diagnostics show it as it was typed. */
export async function loadFile(
  host: Host,
  file: string,
  { root, readInput }: { readonly root: boolean; readonly readInput: () => Promise<string> },
): Promise<Loaded> {
  const isInput = file === STANDARD_INPUT;
  const path = isInput ? INPUT_PATH : resolve(file);
  const own = { files: host.files, publicKeyOf: (key: string) => host.keys.publicKeyOf(key) };
  const { files, publicKeyOf } = root ? own : asOrdinaryUser(host, path);
  const readable = isInput ? withInput(files, await readInput()) : files;
  const loaded = await loadModel(path, readable, await probeEnv(host), publicKeyOf);
  return { ...loaded, diagnostics: loaded.diagnostics.map((d) => ({ ...d, file })) };
}
