// What a status rests on without a daemon: the model, the plan, and why one of them is missing.
import { isHostError } from '../host/error.ts';
import type { HostReader } from '../host/reader.ts';
import { takeSnapshot } from '../host/snapshot.ts';
import { count } from '../net/units.ts';
import type { Known } from '../status/read-status.ts';
import type { Context } from './context.ts';

/** One look at the host for the plan and for what is told beside it. */
export interface Seen extends Known {
  readonly host: HostReader;
}

/** A status is worth most when something is wrong, so neither a bad file nor a failing plan ends it. */
export async function loadAndPlan(ctx: Context, file: string): Promise<Seen> {
  const host = takeSnapshot(ctx.host());
  const { model, diagnostics } = await ctx.load(file);
  if (model === undefined) {
    const errors = count(diagnostics.filter((d) => d.severity === 'error').length, 'error');
    const message = `${errors}, see 'wgospf check ${file}'; shown is what the marks on this host tell`;
    return {
      host,
      model,
      plan: undefined,
      problems: [{ code: 'bad-state-file', severity: 'error', subject: file, message }],
    };
  }
  try {
    return { host, model, plan: await ctx.makePlan(model, { adopt: false, on: host }), problems: [] };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const problem = { code: 'no-plan', severity: 'error', subject: file, message: error.message } as const;
    return { host, model, plan: undefined, problems: [problem] };
  }
}
