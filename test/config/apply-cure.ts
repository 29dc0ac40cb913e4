// Does literally what a cure says, like an operator in a hurry: the first offer, at the marked place. Words that only a
// person can follow (`each network once`) are left to a person.
import { isMap, parse, parseDocument, type Document } from 'yaml';
import type { Diagnostic } from '../../src/config/diagnostic.ts';

type Path = (string | number)[];

/** `tunnels.wg222.peer.allowedIPs[0]` as the names in the file, which may contain dots. */
function pathOf(doc: Document, text: string): Path {
  const path: Path = [];
  let [at, rest] = [doc.toJS() as unknown, text];
  while (rest !== '') {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    const keys = typeof at === 'object' && at !== null ? Object.keys(at) : [];
    const key = keys
      .filter((k) => rest === k || rest.startsWith(`${k}.`) || rest.startsWith(`${k}[`))
      .sort((a, b) => b.length - a.length)[0];
    const name = key ?? /^[^.[]+/.exec(rest)?.[0] ?? rest;
    // an area can also be a number as a key
    const number = /^\d+$/.test(name) && !doc.hasIn([...path, name]) ? Number(name) : name;
    const part = index === null ? number : Number(index[1]);
    path.push(part);
    rest = rest.slice(index?.[0].length ?? name.length).replace(/^\./, '');
    at = typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined;
  }
  return path;
}

/** Up to the first word that is not YAML: `5, or more` -> `5`; brackets and quotes stay together. */
function firstOffer(hint: string): string {
  let depth = 0;
  for (let i = 0; i < hint.length; i++) {
    const letter = hint[i] ?? '';
    if ('[{'.includes(letter)) depth++;
    if (']}'.includes(letter)) depth--;
    if (depth === 0 && /^(?:[,;]|(?: under)) (?:[a-z`]|$)/.test(hint.slice(i))) return hint.slice(0, i);
  }
  return hint;
}

interface Offer {
  readonly key: string | undefined;
  readonly value: unknown;
}

/** undefined for prose. */
function offerOf(hint: string): Offer | undefined {
  const first = firstOffer(hint);
  const [, key, rest] = /^([\w.-]+): (.+)$/.exec(first) ?? [];
  const text = rest ?? first;
  if (text.includes('...') || (/\s/.test(text) && !/^[[{"']/.test(text))) return undefined;
  try {
    return { key, value: parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** The place for the offer: the marked value, a map around it, or a key beside it. */
function target(doc: Document, path: Path, { key }: Offer, { code, hint }: Diagnostic): Path {
  const under = /under `([^`]+)`/.exec(hint)?.[1];
  if (key === undefined) return path;
  if (under !== undefined) return [...pathOf(doc, under), key];
  const around = path.lastIndexOf(key);
  if (around >= 0) return path.slice(0, around + 1);
  return [...(isMap(doc.getIn(path)) && code !== 'unknown-key' ? path : path.slice(0, -1)), key];
}

export interface Cured {
  readonly text: string;
  /** the wrong text, as diagnostics name it */
  readonly at: string;
}

const shown = (path: Path): string =>
  path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}.${part}`), '').slice(1);

function rename(doc: Document, path: Path, name: string): Cured | undefined {
  const map = doc.getIn(path.slice(0, -1));
  const pair = isMap(map) ? map.items.find(({ key }) => String(key) === String(path.at(-1))) : undefined;
  if (pair === undefined) return undefined;
  pair.key = doc.createNode(name);
  return { text: doc.toString(), at: shown([...path.slice(0, -1), name]) };
}

/** The file with the cure applied; undefined if the cure is for a person or a command, or the file is not YAML. */
export function applyCure(text: string, diagnostic: Diagnostic): Cured | undefined {
  const { hint, code } = diagnostic;
  if (hint.startsWith('run: ') || diagnostic.path === '') return undefined;
  const doc = parseDocument(text);
  if (doc.errors.length > 0) return undefined;
  const path = pathOf(doc, diagnostic.path);
  const name = /^([\w.-]+):$/.exec(hint)?.[1];
  if (name !== undefined) return rename(doc, path, name);
  const offer = offerOf(hint);
  if (offer === undefined) return undefined;
  const at = target(doc, path, offer, diagnostic);
  try {
    if (['unknown-key', 'key-in-file'].includes(code)) doc.deleteIn(path);
    doc.setIn(at, offer.value);
    return { text: doc.toString(), at: shown(at) };
  } catch {
    return undefined; // an alias or a text is in the place where the cure wants a map
  }
}

/** Networks that would announce more into the mesh. */
export function announced(text: string): string[] {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'export')
        found.push(...(Array.isArray(inner) ? inner.map(String) : [typeof inner === 'string' ? inner : 'filter']));
      else walk(inner);
    }
  };
  walk(parse(text, { merge: false }));
  return found.filter((one) => one !== 'none');
}
