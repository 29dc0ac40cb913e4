// A YAML text's tokens, and how deep it nests, found before its nodes are made: that goes down by recursion, and a few kilobytes
// of brackets would cost it seconds.
import { Lexer, Parser, type CST } from 'yaml';

/** No state file goes deeper than 5; a token of the parser is about half a level. */
const MAX_DEPTH = 64;

/** Or the offset of the place that is too deep. It stops there, so it takes no longer for longer texts. */
export function yamlTokens(text: string): CST.Token[] | number {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    const top = parser.stack[MAX_DEPTH];
    if (top !== undefined) return top.offset;
  }
  tokens.push(...parser.end());
  return tokens;
}
