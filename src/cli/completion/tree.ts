// The command tree as plain data, for the three shells.
import type { Argument, Command, Option } from 'commander';
import { visibleCommands } from '../visible-commands.ts';

export interface Flag {
  /** `--json`, `-s` */
  readonly names: readonly string[];
  readonly summary: string;
  /** it takes a file name */
  readonly file: boolean;
  /** it takes one of these words */
  readonly choices: readonly string[];
}

export interface Subcommand {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** values of the first argument */
  readonly choices: readonly string[];
  /** the first argument is a file name */
  readonly file: boolean;
}

const isFile = (argument: Argument): boolean => argument.name() === 'file';

/** `<file>` of `-s, --state <file>` */
const valueName = ({ flags }: Option): string => /[<[]([^>\]]+)[>\]]/.exec(flags)?.[1] ?? '';
const FILE_VALUES: readonly string[] = ['file', 'socket', 'path'];

const flag = (option: Option): Flag => ({
  names: [option.short, option.long].filter((n) => n !== undefined),
  summary: option.description,
  // of a value that is one of a few words no file name is meant
  file: option.required && FILE_VALUES.includes(valueName(option)),
  choices: option.argChoices ?? [],
});

const help: Flag = { names: ['-h', '--help'], summary: 'show help', file: false, choices: [] };

function subcommand(command: Command): Subcommand {
  const [first] = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.summary(),
    flags: [...command.options.filter(({ hidden }) => !hidden).map(flag), help],
    choices: first?.argChoices ?? [],
    file: first !== undefined && isFile(first),
  };
}

export const completionTree = (program: Command): Subcommand[] => visibleCommands(program).map(subcommand);
