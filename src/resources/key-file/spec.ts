/** A live device that has the key of a file which is missing. */
export interface Holder {
  readonly dev: string;
  /** its network namespace, '' outside */
  readonly netns: string;
}

export interface KeyFileSpec {
  /** absolute path */
  readonly path: string;
  /** who alone has the key; undefined where the file has it */
  readonly holder: Holder | undefined;
}

export const keyFileKey = ({ path }: KeyFileSpec): string => path;
