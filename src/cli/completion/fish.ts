// Completion for fish (complete(1)).
import type { Flag, Subcommand } from './tree.ts';

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const dashes = (name: string): string => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`);

function flagLine(command: string, { names, summary, file, choices }: Flag): string {
  const value = file ? ' -r -F' : choices.length > 0 ? ` -x -a ${quote(choices.join(' '))}` : '';
  return `complete -c wgospf -n '__fish_seen_subcommand_from ${command}' ${names.map(dashes).join(' ')}${value} -d ${quote(summary)}`;
}

function commandLines({ name, summary, flags, choices, file }: Subcommand): string[] {
  return [
    `complete -c wgospf -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...flags.map((f) => flagLine(name, f)),
    ...(file ? [`complete -c wgospf -n '__fish_seen_subcommand_from ${name}' -F`] : []),
    ...(choices.length > 0
      ? [`complete -c wgospf -n '__fish_seen_subcommand_from ${name}' -a ${quote(choices.join(' '))}`]
      : []),
  ];
}

export const fishCompletion = (tree: readonly Subcommand[]): string =>
  ['# fish completion for wgospf', 'complete -c wgospf -f', ...tree.flatMap(commandLines)].join('\n');
