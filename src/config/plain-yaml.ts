// Reads a state file in the usual style: block maps, lists, and one line for each value. Declines all other YAML (anchors, tags,
// texts of several lines, escapes, mistakes), which the parser of all YAML reads. Both read the text accepted here identically. This
// one is about twenty times faster, and reads an entry of a section again only if its text changed.
import type { Path, Place, Span } from './locate.ts';

/** One value with its content; offsets count from the start of the text from which it was read. */
interface Node {
  readonly value: unknown;
  readonly span: Span;
  readonly block: boolean;
  readonly plain: string | undefined;
  /** by key, or by index as a text */
  readonly inside: ReadonlyMap<string, Entry> | undefined;
}

interface Entry {
  readonly key: Span | undefined;
  /** offset of the text from which node and key were read, in the text of the surrounding map */
  readonly base: number;
  readonly node: Node;
}

/** The entries of the previous read, by the text of each entry of a section (a tunnel, an interface), with its lines and indentation. */
export interface YamlMemory {
  entries: ReadonlyMap<string, Entry>;
}

export interface PlainYaml {
  readonly value: object;
  readonly place: (path: Path) => Place | undefined;
}

/** Thrown and caught only in this file. */
const DECLINED = new Error('not plain');
const decline = (): never => {
  throw DECLINED;
};

const MAX_DEPTH = 8;

const BLANK = / *(?:#[^\n]*)?(?:\n|$)/y;
const KEY = /(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}|"[^"\\\n]{1,60}"|'[^'\n]{1,60}'):(?=[ \n]|$)/y;
const PLAIN =
  /(?:[A-Za-z0-9_./]|:(?=[0-9a-fA-F:]))(?:[A-Za-z0-9_./+*=@~-]|:(?=[A-Za-z0-9_./:+-])| +(?=[A-Za-z0-9_./]))*/y;
const QUOTED = /"[^"\\\n]*"|'[^'\n]*'(?!')/y;
const END = /(?: +#[^\n]*| *)(?:\n|$)/y;
const SPACES = / */y;
/** Matches the space between the parts of a flow collection, which may continue in the next line. */
const GAP = / *(?:\n *)?/y;
/** By indentation: matches the end of the lines of an entry. */
const ends = Array.from({ length: MAX_DEPTH * 8 }, (_, indent) => new RegExp(`\\n(?= {0,${indent}}[^ \\n])`, 'g'));

const NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** Matches what the core schema of YAML 1.2 does not read as a text, and the number above does not match. */
const NO_TEXT =
  /^(?:[Nn]ull|NULL|True|TRUE|False|FALSE|\.(?:inf|Inf|INF|nan|NaN|NAN)|0o[0-7]+|0x[0-9a-fA-F]+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?)$/;

/** The end of the match of a sticky expression at `at`; -1 for no match. */
function after(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function scalarOf(source: string): unknown {
  if (NUMBER.test(source)) return Number(source);
  if (source === 'true' || source === 'false') return source === 'true';
  return NO_TEXT.test(source) ? decline() : source;
}

function readScalar(text: string, at: number): Node {
  const quoted = after(QUOTED, text, at);
  const end = quoted < 0 ? after(PLAIN, text, at) : quoted;
  if (end < 0) return decline();
  const plain = quoted < 0 ? text.slice(at, end) : undefined;
  const value = plain === undefined ? text.slice(at + 1, end - 1) : scalarOf(plain);
  return { value, span: { offset: at, length: end - at }, block: false, plain, inside: undefined };
}

/** The key at `at`, and the offset after its colon. */
function readKey(text: string, at: number): { name: string; key: Span; next: number } {
  const next = after(KEY, text, at);
  if (next < 0) return decline();
  const key = { offset: at, length: next - 1 - at };
  const typed = text.slice(at, next - 1);
  const name = /^["']/.test(typed) ? typed.slice(1, -1) : typed;
  return { name: name === '__proto__' ? decline() : name, key, next: after(SPACES, text, next) };
}

/** The plain map or list of the entries. */
function collect(entries: ReadonlyMap<string, Entry>, list: boolean): unknown {
  if (list) return Array.from(entries.values(), ({ node }) => node.value);
  return Object.fromEntries(Array.from(entries, ([name, { node }]) => [name, node.value]));
}

function add(entries: Map<string, Entry>, name: string, entry: Entry): void {
  if (entries.has(name)) decline();
  entries.set(name, entry);
}

/** `{a: 1, b: [2, 3]}`; all its lines belong to one entry, so they are indented deeper than its key. */
function readFlow(text: string, at: number, depth: number): Node {
  const open = text[at];
  if (open !== '{' && open !== '[') return readScalar(text, at);
  if (depth > MAX_DEPTH) decline();
  const [list, close] = open === '[' ? [true, ']'] : [false, '}'];
  const inside = new Map<string, Entry>();
  let next = after(GAP, text, at + 1);
  while (text[next] !== close) {
    const named = list ? undefined : readKey(text, next);
    const node = readFlow(text, named?.next ?? next, depth + 1);
    add(inside, named?.name ?? String(inside.size), { key: named?.key, base: 0, node });
    next = after(GAP, text, node.span.offset + node.span.length);
    if (text[next] === ',') next = after(GAP, text, next + 1);
    else if (text[next] !== close) decline();
  }
  const span = { offset: at, length: next + 1 - at };
  return { value: collect(inside, list), span, block: false, plain: undefined, inside };
}

/** A value in one line, with at most a comment after it. */
function readInLine(text: string, at: number): { node: Node; next: number } {
  const node = readFlow(text, at, 0);
  const next = after(END, text, node.span.offset + node.span.length);
  return next < 0 ? decline() : { node, next };
}

/** The offset after empty lines and comments. */
function skipBlank(text: string, at: number): number {
  let next = at;
  while (next < text.length) {
    const end = after(BLANK, text, next);
    if (end < 0) return next;
    next = end;
  }
  return next;
}

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
};

function blockOf(text: string, at: number, inside: ReadonlyMap<string, Entry>, list: boolean): Node {
  const span = { offset: at, length: lineEnd(text, at) - at };
  return { value: collect(inside, list), span, block: true, plain: undefined, inside };
}

interface Reading {
  readonly before: ReadonlyMap<string, Entry>;
  readonly now: Map<string, Entry>;
}

function readList(text: string, from: number, indent: number): Node {
  const inside = new Map<string, Entry>();
  for (let at = from; at < text.length; at = skipBlank(text, at)) {
    const dash = after(SPACES, text, at);
    if (dash - at !== indent || !text.startsWith('- ', dash)) decline();
    const { node, next } = readInLine(text, after(SPACES, text, dash + 1));
    if (lineEnd(text, dash) < node.span.offset + node.span.length) decline();
    inside.set(String(inside.size), { key: undefined, base: 0, node });
    at = next;
  }
  return blockOf(text, from + indent, inside, true);
}

/** @param text exactly the lines of one entry */
function readEntry(text: string, indent: number, depth: number, reading: Reading): [name: string, entry: Entry] {
  const { name, key, next } = readKey(text, indent);
  const below = after(END, text, next);
  if (below < 0) {
    const { node, next: end } = readInLine(text, next);
    if (skipBlank(text, end) < text.length) decline();
    return [name, { key, base: 0, node }];
  }
  const first = skipBlank(text, below);
  const deeper = after(SPACES, text, first) - first;
  if (first >= text.length || depth > MAX_DEPTH) decline();
  const isList = text.startsWith('- ', first + deeper);
  if (deeper <= indent) decline();
  const node = isList ? readList(text, first, deeper) : readMap(text, first, deeper, depth + 1, reading);
  return [name, { key, base: 0, node }];
}

/** Keeps an entry of a section; copies the text, because a substring keeps the whole string in memory. */
function readKept(text: string, indent: number, depth: number, reading: Reading): [name: string, entry: Entry] {
  const known = reading.before.get(text) ?? readEntry(` ${text}`.slice(1), indent, depth, reading)[1];
  reading.now.set(text, known);
  return [readKey(text, indent).name, known];
}

function readMap(text: string, from: number, indent: number, depth: number, reading: Reading): Node {
  const inside = new Map<string, Entry>();
  const read = depth === 1 ? readKept : readEntry;
  for (let at = from; at < text.length; at = skipBlank(text, at)) {
    if (after(SPACES, text, at) - at !== indent) decline();
    const end = ends[indent];
    if (end === undefined) return decline();
    const to = after(end, text, at);
    const next = to < 0 ? text.length : to;
    const [name, entry] = read(text.slice(at, next), indent, depth, reading);
    add(inside, name, { ...entry, base: at });
    at = next;
  }
  return blockOf(text, from + indent, inside, false);
}

function placeIn(root: Node, path: Path): Place | undefined {
  let [node, base]: [Node, number] = [root, 0];
  let key: Span | undefined;
  const moved = ({ offset, length }: Span): Span => ({ offset: offset + base, length });
  for (const part of path) {
    const entry: Entry | undefined = node.inside?.get(String(part));
    if (entry === undefined) return undefined;
    base += entry.base;
    key = entry.key && moved(entry.key);
    node = entry.node;
  }
  return { key, value: moved(node.span), block: node.block, plain: node.plain };
}

/** undefined if the text is not plain YAML. @param memory of the previous read; afterwards of this one */
export function readPlainYaml(text: string, memory: YamlMemory = { entries: new Map() }): PlainYaml | undefined {
  if (/[\t\r\ufeff]/.test(text)) return undefined;
  const now = new Map<string, Entry>();
  try {
    const first = skipBlank(text, 0);
    if (first >= text.length) return undefined;
    const root = readMap(text, first, 0, 0, { before: memory.entries, now });
    memory.entries = now;
    return { value: root.value as object, place: (path) => placeIn(root, path) };
  } catch (error) {
    if (error !== DECLINED) throw error;
    return undefined;
  }
}
