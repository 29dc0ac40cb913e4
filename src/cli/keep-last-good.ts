// What `apply` made of the router is also what a daemon goes on with that finds a bad file at its start.
import { resolve } from 'node:path';
import { readModel } from '../config/read-model.ts';
import { createLastGood } from '../daemon/last-good.ts';
import type { Report } from '../engine/types.ts';
import type { Context } from './context.ts';
import { DEFAULT_STATE_FILE } from './options.ts';

/** Only of the daemon's own file, and of the text that was applied: it may be another by now. */
export async function keepLastGood(ctx: Context, stateFile: string, report: Report): Promise<void> {
  if (resolve(stateFile) !== DEFAULT_STATE_FILE) return;
  if (report.results.length > 0 && report.results.every(({ outcome }) => outcome.status !== 'done')) return;
  const { files } = ctx.host();
  const text = (await files.read(DEFAULT_STATE_FILE)) ?? '';
  const { model } = readModel(text, DEFAULT_STATE_FILE, { ipv6: true, kernelWireguard: true });
  if (model?.generation === report.generation) await createLastGood(files).keep(text);
}
