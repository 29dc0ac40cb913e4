/** A live device that has the key of a missing file. */
export interface Holder {
  readonly dev: string;
  /** its network namespace, '' outside */
  readonly netns: string;
}

export interface KeyFileSpec {
  /** absolute path */
  readonly path: string;
  /** the device that alone has the key; undefined if the file has it */
  readonly holder: Holder | undefined;
}

export const keyFileKey = ({ path }: KeyFileSpec): string => path;
