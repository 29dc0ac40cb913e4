// Random state files that `check` accepts: every part that it complains of is removed until it complains no more. So odd
// combinations that it accepts stay, and few draws are lost.
import { parse } from 'yaml';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { readState } from '../../src/config/read-model.ts';
import type { HostEnv, RouterModel } from '../../src/model/types.ts';
import { toYaml } from './state-files.ts';

export interface Accepted {
  readonly text: string;
  readonly state: unknown;
  readonly model: RouterModel;
  readonly warnings: readonly Diagnostic[];
}

const FILE = '/etc/wgospf/state.yaml';
const ROUNDS = 25;

/**
 * `tunnels.wg4.5.address` as the path of the value; names of links hold dots themselves. Of a key that is missing: the path of
 * what lacks it.
 */
function resolvePath(state: unknown, path: string): (string | number)[] {
  if (path === '' || typeof state !== 'object' || state === null) return [];
  const found = Object.entries(state).flatMap(([key, value]) => {
    const head = Array.isArray(state) ? `[${key}]` : key;
    if (path !== head && !/^[.[]/.test(path.slice(head.length))) return [];
    if (!path.startsWith(head)) return [];
    const rest = path.slice(head.length).replace(/^\./, '');
    return [[key, ...resolvePath(value, rest)]];
  });
  return found.sort((a, b) => b.length - a.length)[0] ?? [];
}

/** The state without the value at the path; without what is above it where the path leads nowhere. */
function without(state: unknown, [head, ...rest]: readonly (string | number)[]): unknown {
  if (Array.isArray(state)) {
    return state.flatMap((one: unknown, i) =>
      String(i) !== String(head) ? [one] : rest.length === 0 ? [] : [without(one, rest)],
    );
  }
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(
    Object.entries(state).flatMap(([key, value]): [string, unknown][] => {
      if (key !== head) return [[key, value]];
      return rest.length === 0 ? [] : [[key, without(value, rest)]];
    }),
  );
}

/**
 * Without what is complained of. One complaint of each map or list at a time: the next may be about the first. undefined where
 * that leads nowhere.
 */
function cure(state: unknown, diagnostics: readonly Diagnostic[]): unknown {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const paths = errors.map(({ path }) => resolvePath(state, path)).filter((at) => at.length > 0);
  const perHolder = new Map(paths.map((at) => [at.slice(0, -1).join('\n'), at]));
  const gone = [...perHolder.values()].filter(
    (at) => !paths.some((p) => p.length < at.length && p.every((x, i) => x === at[i])),
  );
  if (gone.length === 0) return undefined;
  const rest = gone
    // from the back, so that the places in a list stay those of the complaints
    .sort((a, b) => Number(b.at(-1)) - Number(a.at(-1)) || 0)
    .reduce<unknown>((left, at) => without(left, at), state);
  return withRest(rest);
}

/** What no file is without. */
function withRest(state: unknown): unknown {
  const { router, mesh, ...rest } = state as { router?: object; mesh?: Record<string, unknown> };
  const prefixes = mesh?.['prefixes'];
  const table = mesh?.['table'] ?? { name: 'nycmesh', id: 2 };
  const wide = Array.isArray(prefixes) && prefixes.length > 0 ? prefixes : ['10.0.0.0/8', 'fd00::/8'];
  return {
    ...rest,
    version: 1,
    router: router !== undefined && ('id' in router || 'node' in router) ? router : { id: '10.69.1.11' },
    mesh: { ...mesh, table, prefixes: wide },
  };
}

/** undefined if nothing sensible is left. */
export function accepted(drawn: unknown, env: HostEnv): Accepted | undefined {
  let state = drawn;
  for (let round = 0; round < ROUNDS; round++) {
    const text = toYaml(state);
    const { model, diagnostics } = readState(text, FILE, env);
    if (model !== undefined) return { text, state: parse(text) as unknown, model, warnings: diagnostics };
    const next = cure(state, diagnostics);
    if (next === undefined) return undefined;
    state = next;
  }
  return undefined;
}

/** Every path of a state, the longest last. */
function pathsOf(state: unknown): (string | number)[][] {
  if (typeof state !== 'object' || state === null) return [];
  return Object.entries(state).flatMap(([key, value]) => [[key], ...pathsOf(value).map((rest) => [key, ...rest])]);
}

/** The smallest state around `state` of which `fails` is still true: what a person wants to read. */
export async function smallest(state: unknown, fails: (state: unknown) => Promise<boolean>): Promise<unknown> {
  for (const path of pathsOf(state).sort((a, b) => a.length - b.length)) {
    const smaller = without(state, path);
    if (await fails(smaller)) return smallest(smaller, fails);
  }
  return state;
}
