// How deep a YAML text nests, found before it is parsed: the parser itself goes down by recursion, and a few kilobytes of
// brackets would cost it seconds.
import { Lexer, Parser } from 'yaml';

/** No state file goes deeper than 5; a token of the parser is about half a level. */
const MAX_DEPTH = 64;

/** Offset of the place that is too deep; undefined where none is. Stops there, so it takes no longer for longer texts. */
export function tooDeepAt(text: string): number | undefined {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // the parser is a generator that does its work as it is drained
    for (const token of parser.next(lexeme)) if (token.type === 'error') break;
    const top = parser.stack[MAX_DEPTH];
    if (top !== undefined) return top.offset;
  }
  return undefined;
}
