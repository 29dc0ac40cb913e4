// Text -> plain value with places, or what is wrong with the YAML. Never throws. Key order, quotes and comments are lost;
// numbers follow YAML 1.2 (`1:30` and `yes` are text, `0x10` is 16).
import { Composer, Document, LineCounter, YAMLParseError } from 'yaml';
import type { CST, ParsedNode } from 'yaml';
import { createLocator } from './locate.ts';
import type { Locator, Places } from './locate.ts';
import type { YamlProblem } from './yaml-problem.ts';
import { syntaxProblems } from './yaml-syntax.ts';
import { yamlTokens } from './yaml-tokens.ts';
import { yamlValue } from './yaml-value.ts';

export interface ParsedYaml {
  /** undefined where what was read says too little to look further */
  readonly value: unknown;
  readonly locator: Locator;
  readonly problems: readonly YamlProblem[];
}

/** A parser that gave up has told the counter nothing. */
function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  for (let start = 0; start >= 0; start = text.indexOf('\n', start) + 1 || -1) lines.addNewLine(start);
  return lines;
}

function rootProblem(value: unknown): YamlProblem[] {
  const at = { offset: 0, length: 1 };
  if (value === undefined || value === null) return [{ ...at, code: 'empty-file', detail: '' }];
  if (Array.isArray(value)) return [{ ...at, code: 'not-a-map', detail: 'a list' }];
  return typeof value === 'object' ? [] : [{ ...at, code: 'not-a-map', detail: 'one piece of text' }];
}

// uniqueKeys compares every key with every other one; yamlValue finds repeated keys in one pass
const OPTIONS = { prettyErrors: false, uniqueKeys: false, version: '1.2', merge: false, logLevel: 'error' } as const;

/** As parseDocument of the parser, which would read the text a second time. */
function documentOf(tokens: readonly CST.Token[], length: number): Document {
  const [first, second] = new Composer<ParsedNode>(OPTIONS).compose(tokens, true, length);
  const doc = first ?? new Document();
  if (second !== undefined)
    doc.errors.push(new YAMLParseError([second.range[0], second.range[1]], 'MULTIPLE_DOCS', ''));
  return doc;
}

export function parseYaml(text: string, file: string): ParsedYaml {
  const lines = linesOf(text);
  const failed = (problems: readonly YamlProblem[], places: Places = new Map()): ParsedYaml => ({
    value: undefined,
    locator: createLocator(file, text, lines, places),
    problems,
  });
  const tokens = yamlTokens(text);
  if (typeof tokens === 'number') return failed([{ code: 'too-deep', offset: tokens, length: 1, detail: '' }]);
  const doc = documentOf(tokens, text.length);
  const syntax = syntaxProblems(doc, text, lines);
  if (syntax.length > 0) return failed(syntax);
  const { value, places, problems } = yamlValue(doc, lines);
  // a repeated key leaves the first one to look at; anything else leaves a hole that nobody made
  if (problems.some((p) => p.code !== 'duplicate-key')) return failed(problems, places);
  const root = rootProblem(value);
  if (root.length > 0) return failed(root, places);
  return { value, locator: createLocator(file, text, lines, places), problems };
}
