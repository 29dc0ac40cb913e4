// CHANGELOG.md -> Debian's changelog (deb-changelog(5)). Pure.

export interface ChangelogInput {
  /** CHANGELOG.md, as keepachangelog.com describes it */
  readonly text: string;
  /** version of the package that is made: it contains the changes under Unreleased */
  readonly version: string;
  /** seconds since 1970 */
  readonly epoch: number;
  readonly maintainer: string;
}

interface Entry {
  readonly version: string;
  readonly date: Date;
  readonly items: readonly string[];
}

/** `Sun, 22 Nov 2026 20:36:14 +0000`, as date -R */
const rfc5322 = (date: Date): string => date.toUTCString().replace('GMT', '+0000');

/** Markdown of a line as plain text: a link becomes its words, code its text. */
const plain = (text: string): string => text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');

/** At most 80 columns, behind `  * ` and `    `. */
function wrap(item: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of item.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > 75) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return `  * ${[...lines, line].join('\n    ')}`;
}

/** The items of the lists under a heading; an item continues in indented lines. */
function itemsOf(section: string): string[] {
  const text = section.replace(/\n {2,}(?=\S)/g, ' ');
  return [...text.matchAll(/^- (.*)$/gm)].map(([, item = '']) => plain(item));
}

function entriesOf({ text, version, epoch }: ChangelogInput): Entry[] {
  return text
    .split(/^## /m)
    .slice(1)
    .flatMap((section): Entry[] => {
      const [, name = '', day] = /^\[([^\]]+)\](?: - (\S+))?/.exec(section) ?? [];
      const items = itemsOf(section);
      if (items.length === 0) return [];
      if (name === 'Unreleased') return [{ version, date: new Date(epoch * 1000), items }];
      return [{ version: name, date: new Date(day ?? ''), items }];
    });
}

/** The entry of a package whose version CHANGELOG.md does not name. */
const unnamed = ({ version, epoch }: ChangelogInput, last: string): Entry => ({
  version,
  date: new Date(epoch * 1000),
  items: [`Built from the sources of ${last}.`],
});

export function makeChangelog(input: ChangelogInput): string {
  const named = entriesOf(input);
  const [first] = named;
  if (first === undefined) throw new Error('CHANGELOG.md has no entry');
  const entries = first.version === input.version ? named : [unnamed(input, first.version), ...named];
  return entries
    .map(
      ({ version, date, items }) =>
        `wgospf (${version}) unstable; urgency=medium\n\n${items.map(wrap).join('\n')}\n\n` +
        ` -- ${input.maintainer}  ${rfc5322(date)}\n`,
    )
    .join('\n');
}
