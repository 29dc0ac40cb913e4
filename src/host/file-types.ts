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

export interface WriteOptions {
  /** for a new file; an existing one keeps its mode and owner unless `owner` is said, and then `mode` counts as well */
  readonly mode?: number;
  /** `root:bird`; names looked up on the host, an unknown name is a HostError */
  readonly owner?: string;
}

export interface Files {
  /** undefined where the file is missing */
  read(path: string): Promise<string | undefined>;
  stat(path: string): Promise<FileStat | undefined>;
  /** names in a folder, sorted; none where it is missing */
  list(folder: string): Promise<string[]>;
  /** temporary file beside it, fsync, rename, fsync of the folder; missing folders are made (0755) */
  write(path: string, text: string, options?: WriteOptions): Promise<void>;
  /** a missing file is no error */
  remove(path: string): Promise<void>;
  /** rename(2): in one step, over a file that is there; mode and owner travel with it */
  rename(from: string, to: string): Promise<void>;
}
