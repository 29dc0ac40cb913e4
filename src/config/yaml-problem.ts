// The possible problems of the YAML itself, in an operator's words.
import { redact } from './redact.ts';

export type YamlCode =
  | 'yaml-syntax'
  | 'yaml-tab'
  | 'yaml-indent'
  | 'yaml-quote'
  | 'yaml-bracket'
  | 'yaml-colon'
  | 'yaml-second-key'
  | 'yaml-reserved'
  | 'yaml-ipv6'
  | 'yaml-tag'
  | 'yaml-directive'
  | 'yaml-documents'
  | 'duplicate-key'
  | 'key-not-text'
  | 'alias-unknown'
  | 'alias-loop'
  | 'alias-bomb'
  | 'too-deep'
  | 'empty-file'
  | 'not-a-map';

export interface YamlProblem {
  readonly code: YamlCode;
  readonly offset: number;
  readonly length: number;
  /** the key, tag, alias or text of the library that the message quotes */
  readonly detail: string;
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

const SKELETON = 'version: 1, then router:, mesh:, interfaces: and tunnels: as docs/guide.md shows them';

const words: Record<YamlCode, (detail: string) => Words> = {
  'yaml-syntax': (detail) => ({
    message: `YAML cannot be read here: ${detail}`,
    hint: 'one `key: value` per line, indented by spaces; text that holds any of : # [ ] { } @ ` % & * in "quotes"',
  }),
  'yaml-tab': () => ({ message: 'a tab is used for indentation', hint: 'spaces, two per level' }),
  'yaml-indent': () => ({
    message: 'the line is indented unlike the lines of the same map above it',
    hint: 'the same number of spaces before every key of one map',
  }),
  'yaml-quote': () => ({
    message: 'the quoted text that starts here is never closed',
    hint: 'a closing quote at the end of the text, in the same line',
  }),
  'yaml-bracket': (open) => ({
    message: `the ${open} that opens here is never closed`,
    hint: `a closing ${open === '[' ? ']' : '}'} in the same line, or the entries in lines of their own`,
  }),
  'yaml-colon': () => ({ message: 'the line is not a `key: value`', hint: 'a colon and a space after the key' }),
  'yaml-second-key': () => ({
    message: 'the value holds a colon and a space, as if another key began in this line',
    hint: 'one `key: value` per line, at the same indentation as its neighbours; or the whole value in "quotes"',
  }),
  'yaml-reserved': (text) => ({
    message: `text without quotes cannot start with ${text.charAt(0)}`,
    hint: `"${text}"`,
  }),
  'yaml-ipv6': (text) => ({ message: 'brackets without quotes make a list of it', hint: `"${text}"` }),
  'yaml-tag': (tag) => ({
    message: `the tag ${tag} has no meaning in a state file`,
    hint: 'the value alone, without a tag',
  }),
  'yaml-directive': () => ({
    message: 'a %YAML directive can change how values are read, so a state file takes none',
    hint: 'the file without the lines that start with %',
  }),
  'yaml-documents': () => ({
    message: 'a second document starts here, but a state file is one document',
    hint: 'everything under one set of keys, without the line of three dashes',
  }),
  'duplicate-key': (detail) => {
    const [key = '', line = ''] = detail.split('\0');
    return {
      message: `\`${key}\` is already said in line ${line}`,
      hint: `one \`${key}:\` only, with all of its contents`,
    };
  },
  'key-not-text': (key) => ({
    message: key === '' ? 'a key must be a word' : `\`${key}\` cannot be a key`,
    hint: 'a name, a colon and a space: `wg222: `',
  }),
  'alias-unknown': (alias) => ({
    message: `*${alias} refers to an anchor &${alias} that no line above it sets`,
    hint: `the value itself, or &${alias} before the value that it shall repeat`,
  }),
  'alias-loop': () => ({ message: 'the alias stands inside the value that it repeats', hint: 'the value itself' }),
  'alias-bomb': () => ({
    message: 'the aliases of this file repeat more than 10000 values',
    hint: 'the values themselves where aliases repeat other aliases',
  }),
  'too-deep': () => ({
    message: 'the values are nested deeper than any state file goes',
    hint: 'at most tunnels, tunnel, peer, field',
  }),
  'empty-file': () => ({ message: 'the file says nothing', hint: SKELETON }),
  'not-a-map': (kind) => ({ message: `the file must be a map of keys, but is ${kind}`, hint: SKELETON }),
};

export const yamlWords = ({ code, detail }: YamlProblem): Words => words[code](redact(detail));
