// Turns text into a plain value with positions, or reports the YAML's problems. Never throws. Key order, quotes and comments are
// lost; numbers follow YAML 1.2 (`1:30` and `yes` are text, `0x10` is 16).
import { Composer, Document, YAMLParseError } from 'yaml';
import type { CST, ParsedNode } from 'yaml';
import { createLocator, linesOf, placeKey } from './locate.ts';
import type { Locator, Path, Place } from './locate.ts';
import { readPlainYaml, type YamlMemory } from './plain-yaml.ts';
import type { YamlProblem } from './yaml-problem.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import { yamlTokens } from './yaml-tokens.ts';
import { yamlValue } from './yaml-value.ts';

export interface ParsedYaml {
  /** a map; undefined if too little could be read for more checks */
  readonly value: object | undefined;
  readonly locator: Locator;
  readonly problems: readonly YamlProblem[];
}

function rootProblem(value: unknown): YamlProblem[] {
  const at = { offset: 0, length: 1 };
  if (value === undefined || value === null) return [{ ...at, code: 'empty-file', detail: '' }];
  if (Array.isArray(value)) return [{ ...at, code: 'not-a-map', detail: 'a list' }];
  return typeof value === 'object' ? [] : [{ ...at, code: 'not-a-map', detail: 'one piece of text' }];
}

// uniqueKeys compares each key with all others; yamlValue finds repeated keys in one pass
const OPTIONS = { prettyErrors: false, uniqueKeys: false, version: '1.2', merge: false, logLevel: 'error' } as const;

/** As the parser's parseDocument, but without reading the text a second time. */
function documentOf(tokens: readonly CST.Token[], length: number): Document {
  const [first, second] = new Composer<ParsedNode>(OPTIONS).compose(tokens, true, length);
  const doc = first ?? new Document();
  if (second !== undefined)
    doc.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', ''));
  return doc;
}

/** Reads all of YAML, and reports its problems. */
export function parseAllYaml(text: string, file: string): ParsedYaml {
  const lines = linesOf(text);
  const read = (
    value: object | undefined,
    problems: readonly YamlProblem[],
    place?: (path: Path) => Place | undefined,
  ): ParsedYaml => ({
    value,
    locator: createLocator(file, text, lines, place ?? (() => undefined)),
    problems,
  });
  const tokens = yamlTokens(text);
  if (typeof tokens === 'number') return read(undefined, [{ code: 'too-deep', offset: tokens, length: 1, detail: '' }]);
  const doc = documentOf(tokens, text.length);
  const syntax = syntaxProblems(doc, text, lines);
  if (syntax.length > 0) return read(undefined, syntax);
  const { value, places, problems } = yamlValue(doc, text, lines);
  const place = (path: Path): Place | undefined => places.get(placeKey(path));
  // of a repeated key the first value can be checked; any other problem leaves a gap that the operator did not write
  if (problems.some((p) => p.code !== 'duplicate-key')) return read(undefined, problems, place);
  const root = rootProblem(value);
  return root.length > 0 ? read(undefined, root, place) : read(value as object, problems, place);
}

/** @param memory of the previous read, see plain-yaml.ts */
export function parseYaml(text: string, file: string, memory?: YamlMemory): ParsedYaml {
  const plain = readPlainYaml(text, memory);
  if (plain === undefined) return parseAllYaml(text, file);
  return { value: plain.value, locator: createLocator(file, text, linesOf(text), plain.place), problems: [] };
}
