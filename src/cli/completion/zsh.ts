// Completion for zsh (zshcompsys(1)).
import type { Flag, Subcommand } from './tree.ts';

/** Text inside a single-quoted _arguments or _describe specification. */
const quote = (text: string): string => text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, '\\$&');

function flagSpec({ names, summary, file, choices }: Flag): string {
  const value = file ? ':file:_files' : choices.length > 0 ? `:word:(${choices.join(' ')})` : '';
  const tail = `[${quote(summary)}]${value}`;
  return names.length === 1 ? `'${names[0] ?? ''}${tail}'` : `'(${names.join(' ')})'{${names.join(',')}}'${tail}'`;
}

function branch({ name, flags, choices, file }: Subcommand): string {
  const argument = choices.length > 0 ? [`'1:shell:(${choices.join(' ')})'`] : file ? [`'1:file:_files'`] : [];
  return `    ${name})
      _arguments ${[...flags.map(flagSpec), ...argument].join(' \\\n        ')}
      ;;`;
}

export function zshCompletion(tree: readonly Subcommand[]): string {
  return `#compdef wgospf
# zsh completion for wgospf
_wgospf() {
  local -a commands
  commands=(
${tree.map((c) => `    '${c.name}:${quote(c.summary)}'`).join('\n')}
    'help:show help'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words
  (( CURRENT-- ))
  case $name in
${tree.map(branch).join('\n')}
    help)
      _describe command commands
      ;;
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _wgospf "$@"
else
  compdef _wgospf wgospf
fi`;
}
