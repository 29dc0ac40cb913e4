// Options that several commands share.
import { Option } from 'commander';

export const DEFAULT_STATE_FILE = '/etc/wgospf/state.yaml';

export const stateOption = (): Option => new Option('-s, --state <file>', 'the state file').default(DEFAULT_STATE_FILE);

export const jsonOption = (): Option => new Option('--json', 'print JSON for programs');

export const adoptOption = (): Option =>
  new Option('--adopt', 'take over objects that stand in the way though they are not ours');

export interface StateOptions {
  readonly state: string;
}

export interface JsonOptions {
  readonly json?: true;
}

export interface AdoptOptions {
  readonly adopt?: true;
}
