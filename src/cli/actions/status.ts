// `wgospf status`: does each tunnel carry traffic, is each adjacency Full and, if not, why.
import { isNotRunning } from '../../daemon/client.ts';
import type { StatusAnswer } from '../../daemon/sockets.ts';
import type { Condition } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import { isHealthy } from '../../status/assess.ts';
import { readStatus } from '../../status/read-status.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { stringify } from '../format/json.ts';
import { formatStatusAnswer } from '../format/status-answer.ts';
import { loadAndPlan } from '../load-and-plan.ts';
import { DEFAULT_STATE_FILE, type JsonOptions, type StateOptions } from '../options.ts';
import { requireRoot } from '../require-root.ts';

type Options = StateOptions & JsonOptions;

/** The daemon's answer; undefined if it does not run or refuses us; a condition if it should answer and does not. */
async function daemonAnswer(ctx: Context): Promise<StatusAnswer | Condition | undefined> {
  try {
    return await ctx.daemon.status();
  } catch (error) {
    if (isNotRunning(error) || isHostError(error, 'EACCES')) return undefined;
    if (!ctx.root || !isHostError(error)) throw error;
    const message = `the daemon runs, but gives no status: ${error.detail}; journalctl -u wgospf`;
    return { code: 'daemon-not-answering', severity: 'warning', subject: 'wgospf run', message };
  }
}

/** The daemon has a last good state if the file is bad. It does not know another file than its own. */
async function readAnswer(ctx: Context, file: string): Promise<StatusAnswer> {
  const answer = file === DEFAULT_STATE_FILE ? await daemonAnswer(ctx) : undefined;
  if (answer !== undefined && 'tunnels' in answer) return answer;
  requireRoot(ctx, 'status');
  const known = await loadAndPlan(ctx, file);
  const problems = answer === undefined ? known.problems : [answer, ...known.problems];
  return { ...(await readStatus(known.host, { ...known, problems })), daemon: undefined };
}

export async function status(ctx: Context, { state, json }: Options): Promise<ExitCode> {
  const answer = await readAnswer(ctx, state);
  ctx.out(json ? stringify(answer) : formatStatusAnswer(answer, ctx.host().now(), ctx.style));
  const { badState = [], awaitedFile } = answer.daemon ?? {};
  const bad = badState.length > 0 || awaitedFile !== undefined;
  return isHealthy(answer) && !bad ? exitCodes.ok : exitCodes.failed;
}
