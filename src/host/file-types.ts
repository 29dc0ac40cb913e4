// Files as the rest of the program sees them; src/host/types.ts gathers all of the host.

export interface FileStat {
  /** permission bits, 0o640 */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** of its last change, milliseconds since the epoch */
  readonly mtime: number;
}

/** A symbolic link itself. */
export interface LinkStat {
  /** what it says; there need not be anything of that name */
  readonly target: string;
  /** when it was made, milliseconds since the epoch */
  readonly mtime: number;
}

export interface WriteOptions {
  /** for a new file; an existing one keeps its mode and owner unless `owner` is said, and then `mode` counts as well */
  readonly mode?: number;
  /** `root:bird`; names looked up on the host, an unknown name is a HostError. Or their numbers */
  readonly owner?: string | { readonly uid: number; readonly gid: number };
  /** others may pass the file's folders from this one down, so that who may read the file comes to it; root alone writes there */
  readonly passable?: string;
}

export interface ReadOptions {
  /** a key or a password: it must lie where nobody but root can put another file in its place */
  readonly secret?: boolean;
}

/**
 * What somebody other than root may have put there (a symbolic link, a pipe, a device, another name of another file) is never
 * opened: a HostError UNSAFE_FILE says why, and what to do. A link that only root can have put is followed.
 */
export interface Files {
  /** undefined where the file is missing */
  read(path: string, options?: ReadOptions): Promise<string | undefined>;
  stat(path: string): Promise<FileStat | undefined>;
  /** undefined where there is no symbolic link of that name */
  link(path: string): Promise<LinkStat | undefined>;
  /** names in a folder, sorted; none where it is missing */
  list(folder: string): Promise<string[]>;
  /** temporary file beside it, fsync, rename, fsync of the folder; missing folders are made (0755) */
  write(path: string, text: string, options?: WriteOptions): Promise<void>;
  /** a missing file is no error; of a link the link itself goes */
  remove(path: string): Promise<void>;
  /** removes the temporary files that a killed writer of ours left in these folders; for who holds the lock */
  sweep(folders: readonly string[]): Promise<void>;
}
