// Hints that a file may have changed: replaced by a rename, a link or another file, written in place, made or deleted; a
// missing file or folder is waited for, and links on the way are watched too. Hints can be too many: who gets one looks.
import { dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { linkChain } from './link-chain.ts';

/** `replaced`: something whole took the name (rename, link); `written`: somebody writes into it and may not be done */
export type FileHint = 'replaced' | 'written';

export interface FileWatch {
  /** the files to watch from now on, by absolute path */
  set(paths: readonly string[]): void;
  close(): Promise<void>;
}

export type WatchFiles = (onHint: (path: string, hint: FileHint) => void) => FileWatch;

type Watcher = ReturnType<typeof watch>;

/** `atomic` would hold back the news of a rename for 100 ms. */
const base = { ignoreInitial: true, atomic: false } as const;

function watchExactly(watcher: Watcher, before: ReadonlySet<string>, now: ReadonlySet<string>): void {
  watcher.unwatch([...before].filter((path) => !now.has(path)));
  watcher.add([...now].filter((path) => !before.has(path)));
}

export const watchFiles: WatchFiles = (onHint) => {
  let paths: ReadonlySet<string> = new Set();
  let folders: ReadonlySet<string> = new Set();
  let chains: ReadonlyMap<string, readonly string[]> = new Map();
  let closed = false;
  /** waits for what is missing, folders included */
  const files = watch([], base);
  /** the entries that a path depends on, links as they are */
  const around = watch([], { ...base, depth: 0, followSymlinks: false });

  /** Never rejects, as linkChain does not. */
  async function follow(): Promise<void> {
    const found = await Promise.all([...paths].map(async (path) => [path, await linkChain(path)] as const));
    if (closed) return;
    chains = new Map(found.filter(([path]) => paths.has(path)));
    const next = new Set([...chains.values()].flat().map(dirname));
    watchExactly(around, folders, next);
    folders = next;
  }

  function tell(path: string, hint: FileHint): void {
    onHint(path, hint);
    if (hint === 'replaced') void follow();
  }

  files.on('all', (event, path) => {
    if (event !== 'change' && paths.has(path)) tell(path, 'replaced');
  });
  // Node's fs.watch tells IN_MODIFY as `change`, and what a folder gains and loses (IN_CREATE, IN_MOVED_TO) as `rename`.
  around.on('raw', (event: string, name: string | null, details: unknown) => {
    const folder = (details as { readonly watchedPath?: string }).watchedPath ?? '';
    const entry = join(folder, name ?? '');
    const hint = event === 'change' ? 'written' : 'replaced';
    for (const [path, chain] of chains) if (chain.includes(entry)) tell(path, hint);
  });
  // Out of watches (ENOSPC) or descriptors: the full pass looks at the files as well.
  for (const watcher of [files, around]) watcher.on('error', () => undefined);

  return {
    set(wanted) {
      const next = new Set(wanted);
      watchExactly(files, paths, next);
      paths = next;
      void follow();
    },
    async close() {
      closed = true;
      await Promise.all([files.close(), around.close()]);
    },
  };
};
