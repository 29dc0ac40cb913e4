// Turns the YAML parser's errors into problems at the position that needs the change.
import { isCollection, isScalar, visit } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import type { Lines } from './locate.ts';
import type { YamlCode, YamlProblem } from './yaml-problem.ts';

const CODES: Partial<Record<YAMLError['code'], YamlCode>> = {
  TAB_AS_INDENT: 'yaml-tab',
  BAD_INDENT: 'yaml-indent',
  MULTIPLE_DOCS: 'yaml-documents',
  TAG_RESOLVE_FAILED: 'yaml-tag',
  BAD_DIRECTIVE: 'yaml-directive',
  MULTILINE_IMPLICIT_KEY: 'yaml-colon',
  BLOCK_AS_IMPLICIT_KEY: 'yaml-second-key',
  BAD_SCALAR_START: 'yaml-reserved',
};

/** The quoted text or bracket whose end the parser misses at `offset`. */
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

function unclosed(doc: Document, text: string, error: YAMLError): YamlProblem | undefined {
  const what = /quote|must be sufficiently indented and end with/.exec(error.message);
  if (what === null) return undefined;
  const quote = what[0] === 'quote';
  const offset = opening(doc, error.pos[0], quote)?.range?.[0];
  if (offset === undefined) return undefined;
  return { code: quote ? 'yaml-quote' : 'yaml-bracket', offset, length: 1, detail: text.charAt(offset) };
}

/** `[2001:db8::1]:51825` without quotes, which YAML reads as a list with more text after it. */
function bracketedAddress(text: string, offset: number): YamlProblem | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const match = /\[[0-9a-fA-F:.]+\]:\d+/.exec(text.slice(start, start + 500));
  if (match === null || start + match.index + match[0].length < offset) return undefined;
  return { code: 'yaml-ipv6', offset: start + match.index, length: match[0].length, detail: match[0] };
}

function fromError(doc: Document, text: string, error: YAMLError): YamlProblem {
  const [from, to] = error.pos;
  const here = { offset: from, length: Math.max(1, to - from) };
  const known = unclosed(doc, text, error) ?? bracketedAddress(text, from);
  if (known !== undefined) return known;
  if (/Implicit map keys need/.test(error.message)) return { ...here, code: 'yaml-colon', detail: '' };
  const code = CODES[error.code] ?? 'yaml-syntax';
  if (code === 'yaml-tag') return { ...here, code, detail: text.slice(from, to) };
  if (code === 'yaml-reserved')
    return { ...here, code, detail: /^[^\n\r#]*/.exec(text.slice(from, from + 60))?.[0].trimEnd() ?? '' };
  return { ...here, code, detail: error.message.charAt(0).toLowerCase() + error.message.slice(1) };
}

/** The parser guesses after an error, so later errors may be consequences. These never are. */
const NEVER_FOLLOWS: ReadonlySet<YamlCode> = new Set([
  'yaml-tab',
  'yaml-tag',
  'yaml-directive',
  'yaml-documents',
  'yaml-quote',
]);
const MOST = 100;

/** The first error, and those later ones that cannot be its consequence: one per line. */
export function syntaxProblems(doc: Document, text: string, lines: Lines): YamlProblem[] {
  const problems = [...doc.errors, ...doc.warnings].slice(0, MOST).map((error) => fromError(doc, text, error));
  if (doc.directives?.yaml.explicit === true) {
    problems.push({ code: 'yaml-directive', offset: text.indexOf('%'), length: 1, detail: '' });
  }
  const seen = new Set<number>();
  return problems
    .sort((a, b) => a.offset - b.offset)
    .filter((p, i) => {
      const { line } = lines.linePos(p.offset);
      return (i === 0 || NEVER_FOLLOWS.has(p.code)) && !seen.has(line) && seen.add(line);
    });
}
