// The statements of a bird.conf by section, without comments and spaces: enough to name the differences between two files of ours
// and to grade them. It reads line by line, as render.ts writes; a foreign file yields sections too, only coarser ones.

/** Section name (`router id`, `kernel4`, `mesh4`, `mesh4 area 0`, `mesh4 interface wg222`) to its statements. */
export type Sections = ReadonlyMap<string, string>;

/** Ends the first part of a section's statements: `protocol ospf v2`, without the name; for an interface clause its area. */
export const HEAD = ' :';

/** The section to which a statement inside these blocks belongs. */
function sectionOf(blocks: readonly string[]): string {
  const name = nameOf(blocks[0] ?? '');
  const clause = blocks.find((block) => /^interface\b/.test(block));
  if (clause !== undefined) return `${name} ${clause.replaceAll('"', '')}`;
  const area = blocks.find((block) => block.startsWith('area '));
  return area === undefined ? name : `${name} ${area}`;
}

const nameOf = (block: string): string => block.split(' ').at(-1) ?? '';

/** The statement that the block's head makes; a foreign file may have anything here. */
function headOf(blocks: readonly string[]): string {
  const block = blocks.at(-1) ?? '';
  if (blocks.length === 1) return `${block.split(' ').slice(0, -1).join(' ')}${HEAD}`;
  if (/^interface\b/.test(block)) return `${blocks.at(-2) ?? ''}${HEAD}`;
  return block.startsWith('area ') ? '' : `${block} {`;
}

/** `router id 10.69.1.11;` -> section and value; a constant does not count, because BIRD does nothing with it. */
function topLevel(statement: string): readonly [string, string] | undefined {
  if (statement.startsWith('define ')) return undefined;
  const [, name = statement, value = ''] = /^(router id|\S+)\s*(.*);$/.exec(statement) ?? [];
  return [name, value];
}

/** The two texts that a pass compares: the file in place and the wanted one. */
const recent = new Map<string, Sections>();
const RECENT = 2;

export function readSections(text: string): Sections {
  const found = recent.get(text) ?? parseSections(text);
  recent.delete(text);
  recent.set(text, found);
  for (const oldest of recent.keys()) if (recent.size > RECENT) recent.delete(oldest);
  return found;
}

function parseSections(text: string): Sections {
  const sections = new Map<string, string>();
  const add = (name: string, statement: string): void => {
    sections.set(name, `${sections.get(name) ?? ''} ${statement}`.trim());
  };
  const blocks: string[] = [];
  /** the section of the open blocks */
  let name = '';
  for (const line of text.split('\n').map((l) => l.replace(/\s#.*/, '').trim())) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.endsWith('{')) {
      blocks.push(line.slice(0, -1).trim());
      name = sectionOf(blocks);
      add(name, headOf(blocks));
    } else if (/^\};?$/.test(line)) {
      if (blocks.length > 1 && !/^(interface|area)\b/.test(blocks.at(-1) ?? '')) add(name, '}');
      blocks.pop();
      name = sectionOf(blocks);
    } else if (blocks.length > 0) {
      add(name, line);
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
