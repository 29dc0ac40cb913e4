// Text -> plain value with places, or what is wrong with the YAML. Never throws. Key order, quotes and comments are lost;
// numbers follow YAML 1.2 (`1:30` and `yes` are text, `0x10` is 16).
import { isCollection, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import { createLocator } from './locate.ts';
import type { Locator } from './locate.ts';
import type { YamlCode, YamlProblem } from './yaml-problem.ts';
import { yamlValue } from './yaml-value.ts';

export interface ParsedYaml {
  /** undefined where nothing could be read */
  readonly value: unknown;
  readonly locator: Locator;
  readonly problems: readonly YamlProblem[];
}

const SYNTAX: Partial<Record<YAMLError['code'], YamlCode>> = {
  TAB_AS_INDENT: 'yaml-tab',
  BAD_INDENT: 'yaml-indent',
  MULTIPLE_DOCS: 'yaml-documents',
  TAG_RESOLVE_FAILED: 'yaml-tag',
  BAD_DIRECTIVE: 'yaml-directive',
  RESOURCE_EXHAUSTION: 'too-deep',
  MULTILINE_IMPLICIT_KEY: 'yaml-colon',
};

/** Where the quoted text or bracket was opened whose end the parser missed at `offset`. */
function opening(doc: Document, offset: number, quote: boolean): Node | undefined {
  let found: Node | undefined;
  visit(doc, {
    Node: (_, node) => {
      const fits = quote
        ? isScalar(node) && node.type?.startsWith('QUOTE') === true
        : isCollection(node) && node.flow === true;
      if (fits && node.range && node.range[0] <= offset && node.range[2] >= offset - 1) found = node;
    },
  });
  return found;
}

function syntaxProblem(doc: Document, text: string, error: YAMLError): YamlProblem {
  const [from, to] = error.pos;
  const here = { offset: from, length: Math.max(1, to - from) };
  const unclosed = /quote|must be sufficiently indented and end with/.exec(error.message);
  if (unclosed !== null) {
    const quote = unclosed[0] === 'quote';
    const start = opening(doc, from, quote)?.range?.[0];
    if (start !== undefined) {
      return { code: quote ? 'yaml-quote' : 'yaml-bracket', offset: start, length: 1, detail: text.charAt(start) };
    }
  }
  if (/Implicit map keys need/.test(error.message)) return { ...here, code: 'yaml-colon', detail: '' };
  const code = SYNTAX[error.code] ?? 'yaml-syntax';
  const detail =
    code === 'yaml-tag' ? text.slice(from, to) : error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return { ...here, code, detail };
}

/** The parser's follow-up errors say nothing new: one problem a line, and after a nest too deep nothing else. */
function firstOfEachLine(problems: YamlProblem[], lines: LineCounter): YamlProblem[] {
  const deep = problems.find((p) => p.code === 'too-deep');
  if (deep !== undefined) return [deep];
  const seen = new Set<number>();
  return problems.filter((p) => {
    const { line } = lines.linePos(p.offset);
    return !seen.has(line) && seen.add(line);
  });
}

function rootProblem(value: unknown): YamlProblem[] {
  const at = { offset: 0, length: 1 };
  if (value === undefined || value === null) return [{ ...at, code: 'empty-file', detail: '' }];
  if (Array.isArray(value)) return [{ ...at, code: 'not-a-map', detail: 'a list' }];
  return typeof value === 'object' ? [] : [{ ...at, code: 'not-a-map', detail: 'one piece of text' }];
}

export function parseYaml(text: string, file: string): ParsedYaml {
  const lines = new LineCounter();
  // uniqueKeys compares every key with every other one; yamlValue finds repeated keys in one pass
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, version: '1.2', merge: false } as const;
  const doc = parseDocument(text, { ...options, logLevel: 'error' });
  const syntax = [...doc.errors, ...doc.warnings].map((error) => syntaxProblem(doc, text, error));
  if (doc.directives.yaml.explicit === true)
    syntax.push({ code: 'yaml-directive', offset: text.indexOf('%'), length: 1, detail: '' });
  if (syntax.length > 0) {
    return {
      value: undefined,
      locator: createLocator(file, lines, new Map()),
      problems: firstOfEachLine(syntax, lines),
    };
  }
  const { value, places, problems } = yamlValue(doc);
  const repeated = problems.map((p) => {
    const [key = '', first = ''] = p.detail.split('\0');
    return p.code === 'duplicate-key' ? { ...p, detail: `${key}\0${lines.linePos(Number(first)).line}` } : p;
  });
  const root = problems.length > 0 ? [] : rootProblem(value);
  return {
    value: root.length > 0 ? undefined : value,
    locator: createLocator(file, lines, places),
    problems: [...repeated, ...root],
  };
}
