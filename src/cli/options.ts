// Options that several commands share.
import { Option } from 'commander';

export const DEFAULT_STATE_FILE = '/etc/wgospf/state.yaml';

export const stateOption = (): Option => new Option('-s, --state <file>', 'the state file').default(DEFAULT_STATE_FILE);

export const jsonOption = (): Option => new Option('--json', 'print JSON for programs');

export const adoptOption = (): Option => new Option('--adopt', 'take over foreign objects that are in the way');

/** What `wgospf bird` shows. */
export const BIRD_VIEWS = ['render', 'diff'] as const;
export type BirdView = (typeof BIRD_VIEWS)[number];

/** The versions of BIRD for which a file can be rendered. */
export const BIRD_VERSIONS = ['2', '3', '1.6'] as const;
export type BirdVersion = (typeof BIRD_VERSIONS)[number];

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface StateOptions {
  readonly state: string;
}

export interface JsonOptions {
  readonly json?: true;
}

export interface AdoptOptions {
  readonly adopt?: true;
}
