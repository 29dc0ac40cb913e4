// The section COMMANDS, from the program itself.
import { type Command, Help, type Option } from 'commander';
import type { Session } from '../../src/cli/command.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { visibleCommands } from '../../src/cli/visible-commands.ts';
import { boldTag, escape, heading, inner, tagged } from './roff.ts';

/** Only a running command uses the session, and none runs here. */
const nobody = {} as unknown as Session;

const help = new Help();

/** `[file]` of `check [file]`, as in its usage. */
const argumentsOf = (command: Command): string =>
  command.registeredArguments
    .map((argument) => (argument.required ? ` <${argument.name()}>` : ` [${argument.name()}]`))
    .join('');

/** Commander's text for an argument or an option contains `(default: ...)` and `(choices: ...)`. */
const sentence = (text: string): string => escape(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);

const argumentTerm = (command: Command): string[] =>
  command.registeredArguments.map((argument) =>
    tagged(boldTag(argument.name()), [sentence(help.argumentDescription(argument))]),
  );

const optionTerm = (option: Option): string =>
  tagged(boldTag(help.optionTerm(option)), [sentence(help.optionDescription(option))]);

function commandSection(command: Command): string {
  // -h is the same for all, and described once
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const terms = [...argumentTerm(command), ...options.map(optionTerm)];
  const body = [escape(command.description()), ...(terms.length === 0 ? [] : [inner(...terms)])];
  return [`.TP\n.B wgospf ${escape(`${command.name()}${argumentsOf(command)}`)}`, ...body].join('\n');
}

export function commandsSection(): string {
  const program = makeProgram(nobody, () => undefined);
  const general = help.visibleOptions(program).map(optionTerm);
  return [...visibleCommands(program).map(commandSection), heading('General options'), ...general].join('\n');
}
