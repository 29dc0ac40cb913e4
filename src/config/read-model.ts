// Turns the text of a state file into the router's model, or into all of its problems. Pure; never throws for bad input.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a digest has no effect on anything
import { createHash } from 'node:crypto';
import type { HostEnv, RouterModel } from '../model/types.ts';
import { checks } from './checks/index.ts';
import { compareDiagnostics } from './diagnostic.ts';
import type { Diagnostic } from './diagnostic.ts';
import { keyUses } from './key-uses.ts';
import type { KeyUse } from './key-uses.ts';
import { formatPath } from './locate.ts';
import type { Located, Locator } from './locate.ts';
import { parseYaml } from './parse-yaml.ts';
import { passwordUses } from './password-files.ts';
import type { PasswordUse } from './password-files.ts';
import type { YamlMemory } from './plain-yaml.ts';
import type { Problem } from './problem.ts';
import { folderOf } from './resolve/key-file.ts';
import { modelOf } from './resolve/model.ts';
import { resolve } from './resolve/resolve.ts';
import type { SourceOf } from './resolve/types.ts';
import { readSaid } from './said.ts';
import { yamlWords } from './yaml-problem.ts';

export interface ReadModel {
  /** undefined iff a diagnostic is an error */
  readonly model: RouterModel | undefined;
  /** sorted by position */
  readonly diagnostics: Diagnostic[];
}

/** A ReadModel with what later checks need to report more problems of the same text. */
export interface ReadState extends ReadModel {
  readonly locator: Locator;
  readonly keys: readonly KeyUse[];
  readonly passwords: readonly PasswordUse[];
}

const NO_FILES = { keys: [], passwords: [] } as const;

const generationOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

export const toDiagnostic = (locator: Locator, { path, part, severity, code, message, hint }: Problem): Diagnostic => ({
  ...place(locator.at(path, part)),
  severity: severity ?? 'error',
  code,
  message,
  hint,
  path: formatPath(path),
});

const place = ({
  file,
  line,
  col,
  length,
  path,
}: Located): Omit<Diagnostic, 'severity' | 'code' | 'message' | 'hint'> => ({
  file,
  line,
  col,
  length,
  path,
});

/** Limit of reported problems: nobody reads more at once, and a file of a megabyte can have a hundred thousand. */
const MOST = 200;

export function sortDiagnostics(list: readonly Diagnostic[]): Diagnostic[] {
  const unique = new Map(list.map((d) => [`${d.line}:${d.col}:${d.code}:${d.message}`, d]));
  const sorted = [...unique.values()].sort(compareDiagnostics);
  const rest = sorted[MOST];
  if (rest === undefined) return sorted;
  const message = 'more problems follow in the file';
  const severity = sorted.some((d) => d.severity === 'error') ? 'error' : 'warning';
  return [
    ...sorted.slice(0, MOST),
    { ...rest, severity, code: 'more', message, hint: 'the file again after these are put right' },
  ];
}

/** @param memory of the previous read: links whose text did not change are not read again */
export function readState(text: string, file: string, env: HostEnv, memory?: YamlMemory): ReadState {
  const { value, locator, problems: yaml } = parseYaml(text, file, memory);
  const diagnostics = yaml.map((p): Diagnostic => ({
    ...place(locator.span(p)),
    severity: 'error',
    code: p.code,
    ...yamlWords(p),
  }));
  if (value === undefined) return { model: undefined, diagnostics: sortDiagnostics(diagnostics), locator, ...NO_FILES };
  const { said, problems, complete } = readSaid(value, locator);
  const resolved = resolve(said, value, env, folderOf(file));
  const uses = { keys: keyUses(resolved), passwords: passwordUses(resolved) };
  const found = [...problems, ...checks.flatMap((check) => check(resolved))];
  const all = sortDiagnostics([...diagnostics, ...found.map((p) => toDiagnostic(locator, p))]);
  const read = { diagnostics: all, locator, ...uses };
  if (!complete || all.some((d) => d.severity === 'error')) return { model: undefined, ...read };
  const sourceOf: SourceOf = (path) => {
    const { line, col, path: text } = locator.at(path, 'key');
    return { file, line, col, path: text };
  };
  return { model: modelOf(resolved, generationOf(text), sourceOf), ...read };
}

/**
 * `file` is the name in messages, and key files are relative to its folder, so it should be absolute.
 * Problems of the YAML hide those of the shape; problems of the shape hide no others.
 */
export function readModel(
  text: string,
  file: string,
  env: HostEnv,
): { model: RouterModel | undefined; diagnostics: Diagnostic[] } {
  const { model, diagnostics } = readState(text, file, env);
  return { model, diagnostics };
}
