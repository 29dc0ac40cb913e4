// What `apply` made of the router is also what a daemon goes on with that finds a bad file at its start, and what the next
// `apply` goes back to where it opens a path.
import { resolve } from 'node:path';
import { readModel } from '../config/read-model.ts';
import { createLastGood } from '../daemon/last-good.ts';
import { noteStanding } from '../daemon/standing.ts';
import type { Report } from '../engine/types.ts';
import type { Earlier } from '../leak-check/reconcile-closed.ts';
import type { RouterModel } from '../model/types.ts';
import type { Context } from './context.ts';
import { forgetTraces } from './forget-traces.ts';
import { DEFAULT_STATE_FILE } from './options.ts';

/** Only of the daemon's own file, and of the text that was applied: it may be another by now. */
export async function keepLastGood(ctx: Context, stateFile: string, report: Report): Promise<void> {
  if (report.heldBy !== undefined) return;
  if (report.generation === 'down') {
    if (report.remaining.length === 0) await forgetTraces(ctx);
    return;
  }
  if (report.results.length > 0 && report.results.every(({ outcome }) => outcome.status !== 'done')) return;
  await noteStanding(ctx.host(), report.generation);
  if (resolve(stateFile) !== DEFAULT_STATE_FILE) return;
  const { files } = ctx.host();
  const text = (await files.read(DEFAULT_STATE_FILE)) ?? '';
  const { model } = readModel(text, DEFAULT_STATE_FILE, { ipv6: true, kernelWireguard: true });
  if (model?.generation === report.generation) await createLastGood(files).keep(text);
}

/** Undefined where this very model was applied before. Of another file than the daemon's nothing is kept, so nothing is known. */
export async function earlierThan(ctx: Context, stateFile: string, model: RouterModel): Promise<Earlier | undefined> {
  if (resolve(stateFile) !== DEFAULT_STATE_FILE) return { model: undefined };
  const earlier = await createLastGood(ctx.host().files).load(DEFAULT_STATE_FILE, model.env);
  return earlier?.generation === model.generation ? undefined : { model: earlier };
}
