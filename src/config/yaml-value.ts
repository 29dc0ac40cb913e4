// Turns YAML nodes into plain values, each with its position, in one walk. Keys stay as typed. Refuses what a state file never needs
// or what would make a small file grow: repeated keys, keys that are maps, deep nests, endless aliases.
import { isAlias, isCollection, isMap, isPair, isScalar } from 'yaml';
import type { Document, Node, Scalar } from 'yaml';
import { placeKey } from './locate.ts';
import type { Lines, Path, Place, Span } from './locate.ts';
import type { YamlProblem } from './yaml-problem.ts';

/** Limit of nodes that aliases may add: enough to share the settings of every peer, and far below what is slow. */
const MAX_ALIASED_NODES = 10_000;
const MAX_DEPTH = 32;

export interface YamlValue {
  readonly value: unknown;
  readonly places: ReadonlyMap<string, Place>;
  readonly problems: readonly YamlProblem[];
}

interface Walk {
  readonly doc: Document;
  readonly text: string;
  readonly lines: Lines;
  readonly places: Map<string, Place>;
  readonly problems: YamlProblem[];
  /** nodes on the way to the present one, to detect an alias inside its own anchor */
  readonly open: Set<Node>;
  aliased: number;
  inAlias: number;
}

const rangeOf = (node: Node): Span => {
  const [start, end] = node.range ?? [0, 1, 1];
  return { offset: start, length: Math.max(1, end - start) };
};

const plainOf = (node: Node | null): string | undefined =>
  isScalar(node) && node.type === 'PLAIN' ? node.source : undefined;

/** The span of a node; of a block only its first line. */
function spanOf({ text }: Walk, node: Node, block: boolean): Span {
  const { offset, length } = rangeOf(node);
  const end = block ? text.indexOf('\n', offset) : -1;
  return { offset, length: end < 0 ? length : end - offset };
}

function put(walk: Walk, path: Path, key: Span | undefined, node: Node | null): void {
  const block = isCollection(node) && node.flow !== true;
  const value = node === null ? (key ?? { offset: 0, length: 1 }) : spanOf(walk, node, block);
  // an empty value has an empty range after its key, so the key is marked
  const empty = isScalar(node) && node.source === '';
  walk.places.set(placeKey(path), {
    key,
    value: empty && key !== undefined ? key : value,
    block,
    plain: plainOf(node),
  });
}

/** Records the problem; the value becomes undefined. */
function refuse(walk: Walk, code: YamlProblem['code'], node: Node, detail = ''): unknown {
  return void walk.problems.push({ code, detail, ...rangeOf(node) });
}

function keyText(walk: Walk, key: unknown, map: Node): string | undefined {
  if (!isScalar(key)) {
    refuse(walk, 'key-not-text', isAlias(key) || isCollection(key) ? key : map);
    return undefined;
  }
  const typed: Scalar = key;
  const text = typed.type === 'PLAIN' ? (typed.source ?? '') : String(typed.value);
  // `__proto__` is a special name in JavaScript and not allowed, although it could be the name of an interface
  if (text !== '' && text !== '__proto__') return text;
  refuse(walk, 'key-not-text', typed, text);
  return undefined;
}

function walkMap(walk: Walk, node: Node & { items: unknown[] }, path: Path): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const item of node.items) {
    if (!isPair(item)) continue;
    const key = keyText(walk, item.key, node);
    if (key === undefined) continue;
    if (Object.hasOwn(result, key)) {
      const first = walk.places.get(placeKey([...path, key]))?.key?.offset;
      refuse(walk, 'duplicate-key', item.key as Node, `${key}\0${walk.lines.linePos(first ?? 0).line}`);
      continue;
    }
    result[key] = walkNode(walk, item.value as Node | null, [...path, key], rangeOf(item.key as Node));
  }
  return result;
}

function walkAlias(walk: Walk, node: Node, path: Path, key: Span | undefined): unknown {
  const target = isAlias(node) ? node.resolve(walk.doc) : undefined;
  if (target === undefined) return refuse(walk, 'alias-unknown', node, isAlias(node) ? node.source : '');
  if (walk.open.has(target)) return refuse(walk, 'alias-loop', node);
  walk.inAlias++;
  const value = walkNode(walk, target, path, key);
  walk.inAlias--;
  return value;
}

function walkNode(walk: Walk, node: Node | null, path: Path, key: Span | undefined): unknown {
  if (node === null) {
    put(walk, path, key, node);
    return null;
  }
  if (walk.inAlias > 0 && ++walk.aliased > MAX_ALIASED_NODES) {
    return walk.aliased === MAX_ALIASED_NODES + 1 ? refuse(walk, 'alias-bomb', node) : undefined;
  }
  if (isAlias(node)) return walkAlias(walk, node, path, key);
  put(walk, path, key, node);
  if (isScalar(node)) return node.value;
  if (path.length >= MAX_DEPTH) return refuse(walk, 'too-deep', node);
  walk.open.add(node);
  const value = isMap(node)
    ? walkMap(walk, node, path)
    : isCollection(node)
      ? node.items.map((item, i) => walkNode(walk, item as Node | null, [...path, i], undefined))
      : undefined;
  walk.open.delete(node);
  return value;
}

export function yamlValue(doc: Document, text: string, lines: Lines): YamlValue {
  const walk: Walk = { doc, text, lines, places: new Map(), problems: [], open: new Set(), aliased: 0, inAlias: 0 };
  const value = doc.contents === null ? undefined : walkNode(walk, doc.contents, [], undefined);
  return { value, places: walk.places, problems: walk.problems };
}
