// Hints about files, given by the test itself.
import type { FileHint, WatchFiles } from '../../src/host/watch.ts';

export interface FakeWatch {
  readonly watch: WatchFiles;
  readonly touch: (path: string, hint?: FileHint) => void;
  readonly watched: () => readonly string[];
}

export function createFakeWatch(): FakeWatch {
  let paths: readonly string[] = [];
  let tell: (path: string, hint: FileHint) => void = () => undefined;
  return {
    watch: (onHint) => {
      tell = onHint;
      return {
        set: (next) => void (paths = next),
        close: () => Promise.resolve(),
      };
    },
    touch(path, hint = 'replaced') {
      if (paths.includes(path)) tell(path, hint);
    },
    watched: () => paths,
  };
}
