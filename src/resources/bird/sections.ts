// What a bird.conf says, by section, whatever its comments and spaces: enough to name what differs between two files of
// ours and to grade it. Line by line, as render.ts writes; another's file yields sections as well, only coarser ones.

/** Section name (`router id`, `kernel4`, `area`, `interface wg222`) to its statements. */
export type Sections = ReadonlyMap<string, string>;

/** The section that a statement inside these blocks belongs to. */
function sectionOf(blocks: readonly string[]): string {
  const clause = blocks.find((block) => block.startsWith('interface '));
  if (clause !== undefined) return clause.replaceAll('"', '');
  return blocks[0]?.split(' ').at(-1) ?? '';
}

/** `router id 10.69.1.11;` -> section and value; a constant is no part of what BIRD does. */
function topLevel(statement: string): readonly [string, string] | undefined {
  if (statement.startsWith('define ')) return undefined;
  const [, name = statement, value = ''] = /^(router id|\S+)\s*(.*);$/.exec(statement) ?? [];
  return [name, value];
}

export function readSections(text: string): Sections {
  const sections = new Map<string, string>();
  const add = (name: string, statement: string): void => {
    sections.set(name, `${sections.get(name) ?? ''} ${statement}`.trim());
  };
  const blocks: string[] = [];
  for (const line of text.split('\n').map((l) => l.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.endsWith('{')) {
      blocks.push(line.slice(0, -1).trim());
      const area = /^area (\S+)$/.exec(blocks.at(-1) ?? '');
      if (area?.[1] === undefined) add(sectionOf(blocks), '');
      else add('area', area[1]);
    } else if (/^\};?$/.test(line)) {
      blocks.pop();
    } else if (blocks.length > 0) {
      add(sectionOf(blocks), line);
    } else {
      const top = topLevel(line);
      if (top !== undefined) add(...top);
    }
  }
  return sections;
}

/** Names of the sections that are new, gone or different. */
export function changedSections(before: Sections, after: Sections): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name));
}
