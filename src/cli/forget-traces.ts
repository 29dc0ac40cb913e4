// What tells of an earlier wgospf goes where nothing of it is left: after `down`, and after a first state that was undone.
import { forgetStanding } from '../daemon/standing.ts';
import { LOST_NOTE } from '../host/lasting-notes.ts';
import type { Context } from './context.ts';

export async function forgetTraces(ctx: Context): Promise<void> {
  await forgetStanding(ctx.host());
  await ctx.host().notes.forget(LOST_NOTE);
  await ctx.home.forget();
}
