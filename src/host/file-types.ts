// Files as the rest of the program sees them; src/host/types.ts exports all types of the host.

export interface FileStat {
  /** permission bits, 0o640 */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** time of the last change, milliseconds since the epoch */
  readonly mtime: number;
}

/** A symbolic link itself. */
export interface LinkStat {
  /** the text of the symbolic link; a file of that name need not exist */
  readonly target: string;
  /** time of creation, milliseconds since the epoch */
  readonly mtime: number;
}

export interface WriteOptions {
  /** for a new file; an existing file keeps its mode and owner, unless `owner` is given: then both are set */
  readonly mode?: number;
  /** `root:bird`, names of this host (an unknown name is a HostError); or the numbers */
  readonly owner?: string | { readonly uid: number; readonly gid: number };
  /** every user may enter the file's folders from this one down, so that those who may read the file reach it; only root writes there */
  readonly passable?: string;
}

export interface ReadOptions {
  /** a key or a password: only root may be able to put another file in its place */
  readonly secret?: boolean;
}

/**
 * Never opens what a user other than root may have put there (a symbolic link, a pipe, a device, a hard link to another file):
 * a HostError UNSAFE_FILE says why, and what to do. Follows a symbolic link that only root can have made.
 */
export interface Files {
  /** undefined if the file is missing */
  read(path: string, options?: ReadOptions): Promise<string | undefined>;
  stat(path: string): Promise<FileStat | undefined>;
  /** undefined if there is no symbolic link of that name */
  link(path: string): Promise<LinkStat | undefined>;
  /** names in a folder, sorted; empty if the folder is missing */
  list(folder: string): Promise<string[]>;
  /** temporary file in the same folder, fsync, rename, fsync of the folder; makes missing folders (0755) */
  write(path: string, text: string, options?: WriteOptions): Promise<void>;
  /** a missing file is no error; removes a symbolic link itself, not its target */
  remove(path: string): Promise<void>;
  /** removes the temporary files that a killed wgospf left in these folders; the caller holds the lock */
  sweep(folders: readonly string[]): Promise<void>;
}
