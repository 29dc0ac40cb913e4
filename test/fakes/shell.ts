// Reads the text of a host.txt: the lines that a person would type as root, one command each, with here-documents.

export interface Command {
  readonly words: readonly string[];
  /** `> FILE` */
  readonly output: string | undefined;
  /** the here-document's text */
  readonly input: string | undefined;
  /** as typed, for messages */
  readonly line: string;
}

/** `a && b` is two commands; quotes are shell quotes, nothing is expanded. */
export function parseShell(text: string): Command[] {
  const lines = text
    .replaceAll(/  #.*$/gm, '')
    .replaceAll(' && ', '\n')
    .split('\n');
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const word = /<<\s*'?([A-Z]+)'?/.exec(line)?.[1];
    let input: string | undefined;
    if (word !== undefined) {
      const end = lines.indexOf(word, at);
      if (end < 0) throw new Error(`no ${word} ends: ${line}`);
      input = `${lines.slice(at + 1, end).join('\n')}\n`;
      at = end;
    }
    commands.push({ ...parseLine(line.replace(/<<\s*'?[A-Z]+'?/, '')), input, line });
  }
  return commands;
}

function parseLine(line: string): Pick<Command, 'words' | 'output'> {
  const words = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  const at = words.indexOf('>');
  return at < 0 ? { words, output: undefined } : { words: words.slice(0, at), output: words[at + 1] };
}

/** Walks through `word value word value` as iproute2 does. */
export interface Words {
  readonly rest: () => readonly string[];
  readonly next: () => string;
  readonly take: (...wanted: string[]) => boolean;
  readonly done: () => boolean;
}

export function walk(words: readonly string[]): Words {
  let at = 0;
  return {
    rest: () => words.slice(at),
    next() {
      const word = words[at++];
      if (word === undefined) throw new Error(`something is missing after: ${words.join(' ')}`);
      return word;
    },
    take(...wanted) {
      if (!wanted.includes(words[at] ?? '')) return false;
      at++;
      return true;
    },
    done: () => at >= words.length,
  };
}
