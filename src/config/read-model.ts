// The text of a state file -> the router's model, or every problem in it at once. Pure; never throws for bad input.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- a digest has no effect on anything
import { createHash } from 'node:crypto';
import { folderOf } from '../model/key-file.ts';
import { resolve } from '../model/resolve.ts';
import type { State } from '../model/state.ts';
import type { HostEnv, RouterModel } from '../model/types.ts';
import { checks } from './checks/index.ts';
import { compareDiagnostics } from './diagnostic.ts';
import type { Diagnostic } from './diagnostic.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { keyUses } from './key-uses.ts';
import type { KeyUse } from './key-uses.ts';
import { formatPath } from './locate.ts';
import type { Located, Locator } from './locate.ts';
import { parseYaml } from './parse-yaml.ts';
import { passwordUses } from './password-files.ts';
import type { PasswordUse } from './password-files.ts';
import type { Problem } from './problem.ts';
import { stateSchema } from './schema/state.ts';
import { shapeProblems } from './shape-problems.ts';
import { yamlWords } from './yaml-problem.ts';

export interface ReadModel {
  /** undefined iff a diagnostic is an error */
  readonly model: RouterModel | undefined;
  /** by place */
  readonly diagnostics: Diagnostic[];
}

/** With what is needed to report more problems of the same text. */
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

/** Nobody reads more at a time, and a file of a megabyte can hold a hundred thousand. */
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

interface Shaped {
  /** undefined where a problem was found */
  readonly state: State | undefined;
  readonly draft: Draft;
  readonly problems: readonly Problem[];
}

function shape(value: unknown, locator: Locator): Shaped {
  const parsed = stateSchema.safeParse(value);
  if (parsed.success) return { state: parsed.data, draft: draftOf(value, []), problems: [] };
  const problems = shapeProblems(stateSchema, value, locator, parsed.error.issues);
  return {
    state: undefined,
    draft: draftOf(
      value,
      problems.map((p) => p.path),
    ),
    problems,
  };
}

export function readState(text: string, file: string, env: HostEnv): ReadState {
  const { value, locator, problems: yaml } = parseYaml(text, file);
  const diagnostics = yaml.map((p): Diagnostic => ({
    ...place(locator.span(p)),
    severity: 'error',
    code: p.code,
    ...yamlWords(p),
  }));
  if (value === undefined) return { model: undefined, diagnostics: sortDiagnostics(diagnostics), locator, ...NO_FILES };
  const { state, draft, problems } = shape(value, locator);
  const folder = folderOf(file);
  const uses = { keys: keyUses(draft, folder), passwords: passwordUses(draft, folder) };
  const found = [...problems, ...checks.flatMap((check) => check(draft, env))];
  const all = sortDiagnostics([...diagnostics, ...found.map((p) => toDiagnostic(locator, p))]);
  if (state === undefined || all.some((d) => d.severity === 'error'))
    return { model: undefined, diagnostics: all, locator, ...uses };
  const model = resolve(state, {
    env,
    generation: generationOf(text),
    folder,
    sourceOf: (path) => {
      const { line, col, path: said } = locator.at(path, 'key');
      return { file, line, col, path: said };
    },
  });
  return { model, diagnostics: all, locator, ...uses };
}

/**
 * `file` names the text in messages, and its folder is where relative key files start, so it should be absolute.
 * Problems of the YAML hide those of the shape; problems of the shape hide none of the rest.
 */
export function readModel(
  text: string,
  file: string,
  env: HostEnv,
): { model: RouterModel | undefined; diagnostics: Diagnostic[] } {
  const { model, diagnostics } = readState(text, file, env);
  return { model, diagnostics };
}
