// Text to roff with the man(7) macros. Pure.

/** Text verbatim: no backslash and no line of it is a request. Hyphens of names and commands stay hyphens, not dashes. */
export const escape = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');

const bold = (text: string): string => `\\fB${escape(text)}\\fR`;
const italic = (text: string): string => `\\fI${escape(text)}\\fR`;

/** Words between backquotes become bold, between underscores italic, a link its text. As in the documents' tables. */
export function inline(markdown: string): string {
  const plain = markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('\\|', '|');
  return plain
    .split(/(`[^`]+`|\b_[^_]+_\b)/)
    .map((part) => {
      if (part.startsWith('`')) return bold(part.slice(1, -1));
      return /^_.+_$/.test(part) ? italic(part.slice(1, -1)) : escape(part);
    })
    .join('');
}

const WIDTH = 78;

/** Words of one input line as lines of at most 78 characters, unless a word is longer. */
function folded(line: string): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = /^[.']/.test(word) ? `\\&${word}` : word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** A whole page with short input lines and each sentence on its own line, except requests and examples (.EX to .EE). */
export function fold(page: string): string {
  let literal = false;
  const lines = page.split('\n').flatMap((line) => {
    if (line === '.EX' || line === '.EE') literal = line === '.EX';
    if (literal || /^[.']/.test(line)) return [line];
    return line.split(/(?<=[a-z0-9\])]\.) (?=[A-Z])/).flatMap(folded);
  });
  return lines.join('\n');
}

/** A tagged paragraph. Each line of the body is one input line; an empty body is left out. */
export const tagged = (tag: string, body: readonly string[]): string =>
  ['.TP', tag, ...(body.length === 0 ? ['\\&'] : body)].join('\n');

export const boldTag = (text: string): string => `.B ${escape(text)}`;
export const italicTag = (text: string): string => `.I ${escape(text)}`;
export const heading = (title: string): string => `.SS ${escape(title)}`;
/** A paragraph inside a tagged one. */
export const inner = (...lines: readonly string[]): string => ['.RS', ...lines, '.RE'].join('\n');
