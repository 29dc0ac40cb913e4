// Reports when a folder above a path is moved, made or deleted. A watch of a folder moves with it (inotify knows inodes, not
// names), so without this nobody sees the folder that takes its name: `mv /etc/wgospf.new /etc/wgospf`.
import { statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname } from 'node:path';

export interface AncestorWatch {
  /** the folders to watch from now on, and all folders above them; absolute paths */
  set(folders: Iterable<string>): void;
  close(): void;
}

/** By folder, the names to watch in it. `/etc`: `wgospf`; `/`: `etc`. One watch per folder, however many names. */
function entriesAbove(folders: Iterable<string>): Map<string, Set<string>> {
  const entries = new Map<string, Set<string>>();
  for (const folder of folders) {
    for (let at = folder; at !== dirname(at); at = dirname(at)) {
      const above = dirname(at);
      entries.set(above, (entries.get(above) ?? new Set()).add(basename(at)));
    }
  }
  return entries;
}

interface Watched {
  readonly watcher: FSWatcher;
  readonly inode: string;
  names: ReadonlySet<string>;
}

function inodeOf(folder: string): string {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.dev}:${found.ino}`;
}

export function watchAncestors(onMoved: (folder: string) => void): AncestorWatch {
  const watched = new Map<string, Watched>();

  const end = (above: string): void => {
    watched.get(above)?.watcher.close();
    watched.delete(above);
  };

  /** Does nothing if the folder is missing: the watch of the folder above reports when it appears. */
  function begin(above: string, names: ReadonlySet<string>): void {
    try {
      const inode = inodeOf(above);
      const watcher = watch(above, { persistent: false }, (event, name) => {
        const moved = event === 'rename' && name !== null && watched.get(above)?.names.has(name) === true;
        if (moved) onMoved(`${above === '/' ? '' : above}/${name}`);
      });
      watched.set(above, { watcher: watcher.on('error', () => undefined), inode, names });
    } catch {
      watched.delete(above);
    }
  }

  return {
    set(folders) {
      const wanted = entriesAbove(folders);
      for (const above of watched.keys()) if (!wanted.has(above)) end(above);
      for (const [above, names] of wanted) {
        const known = watched.get(above);
        // keep a watch that is still correct: reopening it would lose its pending events
        if (known !== undefined && known.inode === inodeOf(above)) known.names = names;
        else {
          end(above);
          begin(above, names);
        }
      }
    },
    close() {
      for (const above of [...watched.keys()]) end(above);
    },
  };
}
