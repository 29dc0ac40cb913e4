// Completion for bash (Programmable Completion in bash(1)); works without the bash-completion package.
import type { Subcommand } from './tree.ts';

const fileFlags = (tree: readonly Subcommand[]): string[] => [
  ...new Set(tree.flatMap((c) => c.flags.filter((f) => f.file).flatMap((f) => f.names))),
];

/** `--log` of two commands may take other words: the case is of both. */
const choiceFlags = (tree: readonly Subcommand[]): readonly (readonly [pattern: string, words: readonly string[]])[] =>
  tree.flatMap(({ name, flags }) =>
    flags
      .filter(({ choices }) => choices.length > 0)
      .map(({ names, choices }) => [names.map((one) => `${name}:${one}`).join('|'), choices] as const),
  );

/** A line that sets COMPREPLY: file names, or those of `words` that fit. */
const reply = (words: readonly string[] | 'files'): string =>
  words === 'files'
    ? 'mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
    : `mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$cur")`;

function branch({ name, flags, choices, file }: Subcommand): string {
  const options = reply(flags.flatMap((f) => f.names));
  if (!file && choices.length === 0) return `    ${name})\n      ${options}\n      ;;`;
  return `    ${name})
      if [[ $cur == -* ]]; then
        ${options}
      else
        ${reply(file ? 'files' : choices)}
      fi
      ;;`;
}

export function bashCompletion(tree: readonly Subcommand[]): string {
  return `# bash completion for wgospf
_wgospf() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    ${reply([...tree.map((c) => c.name), 'help', '--help', '--version'])}
    return
  fi
  case $prev in
    ${fileFlags(tree).join('|')})
      ${reply('files')}
      return
      ;;
  esac
  case \${COMP_WORDS[1]}:$prev in
${choiceFlags(tree)
  .map(([pattern, words]) => `    ${pattern})\n      ${reply(words)}\n      return\n      ;;`)
  .join('\n')}
  esac
  case \${COMP_WORDS[1]} in
${tree.map(branch).join('\n')}
    help)
      ${reply(tree.map((c) => c.name))}
      ;;
  esac
}
complete -o filenames -F _wgospf wgospf`;
}
