// Hints that a file may have changed: replaced by a rename, a link or another file, written in place, made or deleted. It also
// watches for a missing file or folder to appear, the symbolic links on the path, and the folders above. There can be more hints
// than changes: the receiver of a hint reads the file.
import { dirname, join } from 'node:path';
import { watch } from 'chokidar';
import { watchAncestors } from './ancestor-watch.ts';
import { linkChain } from './link-chain.ts';

/** `replaced`: a complete file took the name (rename, link); `written`: a process writes into the file and may not be finished */
export type FileHint = 'replaced' | 'written';

export interface FileWatch {
  /** the files to watch from now on, by absolute path */
  set(paths: readonly string[]): void;
  close(): Promise<void>;
}

export type WatchFiles = (onHint: (path: string, hint: FileHint) => void) => FileWatch;

type Watcher = ReturnType<typeof watch>;

/** `atomic` would delay the event of a rename by 100 ms. */
const base = { ignoreInitial: true, atomic: false } as const;

function watchExactly(watcher: Watcher, before: ReadonlySet<string>, now: ReadonlySet<string>): void {
  watcher.unwatch([...before].filter((path) => !now.has(path)));
  watcher.add([...now].filter((path) => !before.has(path)));
}

interface Watchers {
  /** the files themselves; a missing file or folder may appear later */
  readonly files: Watcher;
  /** the folders with the entries that a path depends on; does not follow symbolic links */
  readonly around: Watcher;
  close(): Promise<void>;
}

interface Heard {
  /** a watched file was made, deleted or replaced under its own name */
  readonly file: (path: string) => void;
  /** an entry of a watched folder changed */
  readonly entry: (path: string, hint: FileHint) => void;
}

function openWatchers(wanted: readonly string[], beside: readonly string[], heard: Heard): Watchers {
  const files = watch([...wanted], base);
  const around = watch([...beside], { ...base, depth: 0, followSymlinks: false });
  files.on('all', (event, path) => {
    if (event !== 'change') heard.file(path);
  });
  // Node's fs.watch reports IN_MODIFY as `change`, and new and removed entries of a folder (IN_CREATE, IN_MOVED_TO) as `rename`.
  around.on('raw', (event: string, name: string | null, details: unknown) => {
    const folder = (details as { readonly watchedPath?: string }).watchedPath ?? '';
    heard.entry(join(folder, name ?? ''), event === 'change' ? 'written' : 'replaced');
  });
  // Out of watches (ENOSPC) or descriptors: the full pass reads the files as well.
  for (const watcher of [files, around]) watcher.on('error', () => undefined);
  const close = async (): Promise<void> => {
    await Promise.all([files.close(), around.close()]);
  };
  return { files, around, close };
}

/** Which entries each path depends on, including the symbolic links themselves. */
interface Chains {
  /** the folders to watch now; never rejects, because linkChain does not */
  follow(paths: () => ReadonlySet<string>): Promise<ReadonlySet<string>>;
  /** the paths that depend on an entry, or on one below a folder */
  through(entry: string): string[];
  below(folder: string): string[];
}

function createChains(): Chains {
  let chains: ReadonlyMap<string, readonly string[]> = new Map();
  const where = (isOne: (entry: string) => boolean): string[] =>
    [...chains].filter(([, chain]) => chain.some(isOne)).map(([path]) => path);
  return {
    async follow(paths) {
      const found = await Promise.all([...paths()].map(async (path) => [path, await linkChain(path)] as const));
      chains = new Map(found.filter(([path]) => paths().has(path)));
      return new Set([...chains.values()].flat().map(dirname));
    },
    through: (entry) => where((one) => one === entry),
    below: (folder) => where((one) => one.startsWith(`${folder}/`)),
  };
}

const ready = ({ files, around }: Watchers): Promise<unknown> =>
  Promise.all([files, around].map((one) => new Promise<void>((done) => void one.once('ready', done))));

/** What is watched besides the files themselves: their folders, and the folders above. */
interface Around {
  /** the watchers in use now */
  readonly watchers: () => Watchers;
  /** watches the current folders of the paths */
  follow(): Promise<void>;
  /** replaces all watches, because a watch may be on a folder that was renamed since; done when the new ones are active */
  renew(): Promise<void>;
  close(): Promise<void>;
}

interface AroundOptions {
  readonly chains: Chains;
  readonly paths: () => ReadonlySet<string>;
  readonly heard: Heard;
  readonly onMoved: (folder: string) => void;
}

function createAround({ chains, paths, heard, onMoved }: AroundOptions): Around {
  let watchers = openWatchers([], [], heard);
  let folders: ReadonlySet<string> = new Set();
  let gone: Promise<unknown> = Promise.resolve();
  let closed = false;
  const ancestors = watchAncestors(onMoved);

  /** @param take gets the new folders before they replace the watched ones */
  async function lookAround(take: (next: ReadonlySet<string>) => void): Promise<void> {
    const next = await chains.follow(paths);
    if (closed) return;
    take(next);
    folders = next;
    ancestors.set(folders);
  }

  return {
    watchers: () => watchers,
    follow: () => lookAround((next) => watchExactly(watchers.around, folders, next)),
    async renew() {
      await lookAround((next) => {
        gone = Promise.all([gone, watchers.close()]);
        watchers = openWatchers([...paths()], [...next], heard);
      });
      if (!closed) await ready(watchers);
    },
    async close() {
      closed = true;
      ancestors.close();
      await Promise.all([gone, watchers.close()]);
    },
  };
}

export const watchFiles: WatchFiles = (onHint) => {
  let paths: ReadonlySet<string> = new Set();
  let closed = false;
  const chains = createChains();
  const tell = (path: string, hint: FileHint): void => {
    onHint(path, hint);
    if (hint === 'replaced') void around.follow();
  };
  const heard: Heard = {
    file: (path) => (paths.has(path) ? tell(path, 'replaced') : undefined),
    entry: (entry, hint) => chains.through(entry).forEach((path) => tell(path, hint)),
  };
  const around = createAround({ chains, paths: () => paths, heard, onMoved: (folder) => void renew(folder) });

  async function renew(folder: string): Promise<void> {
    const tellThose = (): void => {
      for (const path of chains.below(folder)) if (!closed && paths.has(path)) onHint(path, 'replaced');
    };
    tellThose();
    await around.renew();
    // again, for files that were put there before the watches were active
    tellThose();
  }

  return {
    set(wanted) {
      const next = new Set(wanted);
      watchExactly(around.watchers().files, paths, next);
      paths = next;
      void around.follow();
    },
    close() {
      closed = true;
      return around.close();
    },
  };
};
