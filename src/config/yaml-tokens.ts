// The tokens of a YAML text. The depth is checked before the nodes are made, because that is recursive: a few kilobytes of
// brackets would take seconds.
import { Lexer, Parser, type CST } from 'yaml';

/** No state file is deeper than 5 levels; a token of the parser is about half a level. */
const MAX_DEPTH = 64;

/** Returns the tokens, or the offset where the text is too deep. It stops there, so a longer text takes no longer. */
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
