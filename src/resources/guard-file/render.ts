// Writes the guards of a model as files for `ip -batch`, which install them at boot. Pure; knows no kind by name: a guard is
// an operation of the stage `guard-add`, and ip(8) accepts its printed command.
import { desiredOf, planChange } from '../../engine/in-namespaces.ts';
import { order } from '../../engine/order.ts';
import type { AnyResource } from '../../engine/types.ts';
import type { RouterModel } from '../../model/types.ts';

export interface GuardFileSpec {
  readonly path: string;
  readonly text: string;
}

/** The path that wgospf-guard.service reads. One file for each family: a line of `ip -batch` cannot have its own `-6`. */
export const guardPath = (family: 4 | 6): string => `/var/lib/wgospf/guard-ipv${family}.batch`;

const HEADER =
  '# Managed by wgospf; changes made here are overwritten. What wgospf-guard.service gives to ip -batch at boot.';

const COMMAND = /^ip (?<six>-6 )?(?<line>(?:rule|route) add [^#]+)$/;

function batchLine(command: string): { readonly family: 4 | 6; readonly line: string } {
  const { six, line } = COMMAND.exec(command)?.groups ?? {};
  // If boot silently missed a guard, packets would leak.
  if (line === undefined) throw new Error(`the guard "${command}" cannot be written as a line of ip -batch`);
  return { family: six === undefined ? 4 : 6, line };
}

/** The guards are in the order in which a pass adds them; a family without guards has no file. */
export function guardFiles(model: RouterModel, kinds: readonly AnyResource[]): GuardFileSpec[] {
  const operations = kinds.flatMap((resource) =>
    desiredOf(resource, model).flatMap((desired) => planChange(resource, { type: 'create', desired }, [])),
  );
  const guards = order(
    operations.filter(({ stage }) => stage === 'guard-add'),
    kinds.map(({ kind }) => kind),
  ).map(({ command }) => batchLine(command));
  return ([4, 6] as const).flatMap((family) => {
    const lines = guards.filter((guard) => guard.family === family).map(({ line }) => line);
    return lines.length === 0 ? [] : [{ path: guardPath(family), text: [HEADER, ...lines, ''].join('\n') }];
  });
}
