// Hints that a file may have changed: replaced by a rename, a link or another file, written in place, made or deleted; a
// missing file or folder is waited for. Hints can be too many, so who gets one looks for itself.
import { join } from 'node:path';
import { watch } from 'chokidar';

/** `replaced`: something whole took the name (rename, link); `written`: somebody writes into it and may not be done */
export type FileHint = 'replaced' | 'written';

export interface FileWatch {
  /** the files to watch from now on */
  set(paths: readonly string[]): void;
  close(): Promise<void>;
}

export type WatchFiles = (onHint: (path: string, hint: FileHint) => void) => FileWatch;

/** Node's fs.watch tells IN_MODIFY as `change`, and what a folder gains and loses (IN_CREATE, IN_MOVED_TO) as `rename`. */
const rawHint = (event: string): FileHint => (event === 'change' ? 'written' : 'replaced');

export const watchFiles: WatchFiles = (onHint) => {
  let watched = new Set<string>();
  // `atomic` would hold back the news of a rename for 100 ms
  const watcher = watch([], { ignoreInitial: true, atomic: false });
  const tell = (path: string, hint: FileHint): void => {
    if (watched.has(path)) onHint(path, hint);
  };
  watcher.on('all', (event, path) => {
    if (event !== 'change') tell(path, 'replaced');
  });
  // A link in the middle of a path (`..data` of a Kubernetes volume) is swapped without an event of its own for the file.
  watcher.on('raw', (event: string, name: string | null, details: unknown) => {
    const folder = (details as { readonly watchedPath?: string }).watchedPath ?? '';
    const exact = [folder, join(folder, name ?? '')].find((path) => watched.has(path));
    const beside = event === 'rename' ? [...watched].filter((path) => path.startsWith(`${folder}/`)) : [];
    if (exact !== undefined) tell(exact, rawHint(event));
    else for (const path of beside) tell(path, 'replaced');
  });
  // Out of watches (ENOSPC) or descriptors: the full pass looks at the files as well.
  watcher.on('error', () => undefined);
  return {
    set(paths) {
      const next = new Set(paths);
      watcher.unwatch([...watched].filter((path) => !next.has(path)));
      watcher.add([...next].filter((path) => !watched.has(path)));
      watched = next;
    },
    close: () => watcher.close(),
  };
};
