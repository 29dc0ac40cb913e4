// What `wgospf check` tells of this host before anything is applied to it. Reads only, and wants root.
import type { Condition, Foreign } from '../engine/types.ts';
import { isHostError } from '../host/error.ts';
import type { RouterModel } from '../model/types.ts';
import { surroundings } from '../resources/surroundings/index.ts';
import { DROP_IN_PATH, networkdDropIn, systemdVersion } from '../resources/surroundings/networkd.ts';
import type { Context } from './context.ts';
import { formatNotices } from './format/notices.ts';

export interface HostFindings {
  readonly conditions: readonly Condition[];
  readonly foreign: readonly Foreign[];
  /** the condition that would keep the state from coming into force on this host; null where none would */
  readonly heldBy: string | null;
}

/**
 * All that `plan` would tell beside its operations. Where no plan can be made (no `wg`, say), that is told beside what can be
 * known without one.
 */
export async function checkHost(ctx: Context, model: RouterModel): Promise<HostFindings> {
  try {
    const { conditions, foreign, heldBy = null } = await ctx.makePlan(model, { adopt: false });
    return { conditions, foreign, heldBy };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const problem: Condition = { code: 'no-plan', severity: 'error', subject: 'host', message: error.message };
    const { conditions = [] } = await surroundings.observe(ctx.host(), model);
    const heldBy = conditions.find(({ veto }) => veto === true)?.code ?? null;
    return { conditions: [problem, ...conditions], foreign: [], heldBy };
  }
}

/** Of a file that may be another router's: what would hold it back here, and nothing else of this host. */
export async function vetoesOf(ctx: Context, model: RouterModel): Promise<HostFindings | undefined> {
  try {
    const { conditions, heldBy } = await ctx.makePlan(model, { adopt: false });
    const vetoes = conditions.filter(({ veto }) => veto === true);
    return heldBy === undefined ? undefined : { conditions: vetoes, foreign: [], heldBy };
  } catch (error) {
    if (!isHostError(error)) throw error;
    return undefined; // a host that no plan can be made of is none of the file's business
  }
}

/** The drop-in for the systemd of this host. */
export const dropInOf = async (ctx: Context): Promise<string> => networkdDropIn(await systemdVersion(ctx.host()));

/** The findings under their headings; behind a warning of networkd's the drop-in that cures it. */
export async function formatFindings(ctx: Context, { conditions, foreign }: HostFindings): Promise<string[]> {
  const lines = formatNotices({ waiting: [], foreign, conditions }, ctx.style);
  if (!conditions.some(({ code, severity }) => code.startsWith('networkd-') && severity === 'warning')) return lines;
  const text = (await dropInOf(ctx)).trimEnd().split('\n');
  return [...lines, ctx.style.heading(DROP_IN_PATH), ...text.map((line) => `  ${line}`)];
}
