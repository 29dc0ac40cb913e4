// Hints that a file may have changed: replaced by a rename, a link or another file, written in place, made or deleted; a
// missing file or folder is waited for, links on the way are watched too, and so are the folders that lead there. Hints can be
// too many: who gets one looks.
import { dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { watchAncestors } from './ancestor-watch.ts';
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

interface Watchers {
  /** waits for what is missing, folders included */
  readonly files: Watcher;
  /** the entries that a path depends on, links as they are */
  readonly around: Watcher;
  close(): Promise<void>;
}

export const watchFiles: WatchFiles = (onHint) => {
  let paths: ReadonlySet<string> = new Set();
  let folders: ReadonlySet<string> = new Set();
  let chains: ReadonlyMap<string, readonly string[]> = new Map();
  let closed = false;
  let watchers = open([], []);
  let gone: Promise<unknown> = Promise.resolve();
  const ancestors = watchAncestors((folder) => void renew(folder));

  function open(wanted: readonly string[], beside: readonly string[]): Watchers {
    const files = watch([...wanted], base);
    const around = watch([...beside], { ...base, depth: 0, followSymlinks: false });
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
    const close = async (): Promise<void> => {
      await Promise.all([files.close(), around.close()]);
    };
    return { files, around, close };
  }

  /** The folders to look at by now. Never rejects, as linkChain does not. */
  async function lookAround(): Promise<ReadonlySet<string>> {
    const found = await Promise.all([...paths].map(async (path) => [path, await linkChain(path)] as const));
    chains = new Map(found.filter(([path]) => paths.has(path)));
    return new Set([...chains.values()].flat().map(dirname));
  }

  function look(at: ReadonlySet<string>): void {
    folders = at;
    ancestors.set(folders);
  }

  async function follow(): Promise<void> {
    const next = await lookAround();
    if (closed) return;
    watchExactly(watchers.around, folders, next);
    look(next);
  }

  function tell(path: string, hint: FileHint): void {
    onHint(path, hint);
    if (hint === 'replaced') void follow();
  }

  /** All watches anew: those that are there may look at what bears another name by now. */
  async function renew(folder: string): Promise<void> {
    const tellThose = (): void => {
      const below = [...chains].filter(([, chain]) => chain.some((entry) => entry.startsWith(`${folder}/`)));
      for (const [path] of below) if (!closed && paths.has(path)) onHint(path, 'replaced');
    };
    tellThose();
    const next = await lookAround();
    if (closed) return;
    gone = Promise.all([gone, watchers.close()]);
    watchers = open([...paths], [...next]);
    look(next);
    // and what was put in there before the watches stood
    const { files, around } = watchers;
    await Promise.all([files, around].map((one) => new Promise<void>((ready) => void one.once('ready', ready))));
    tellThose();
  }

  return {
    set(wanted) {
      const next = new Set(wanted);
      watchExactly(watchers.files, paths, next);
      paths = next;
      void follow();
    },
    async close() {
      closed = true;
      ancestors.close();
      await Promise.all([gone, watchers.close()]);
    },
  };
};
