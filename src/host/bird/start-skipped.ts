// A bird.service that systemd passed over for want of a bird.conf: newer packages bring none, and their unit has
// ConditionPathExists=/etc/bird/bird.conf (bird2 2.20, bird3 3.4). Once there is one, nobody else starts it before the next boot.
// A BIRD that was stopped by hand, or is disabled, is left so.
import { setTimeout as sleep } from 'node:timers/promises';
import { isHostError } from '../error.ts';
import { run } from '../processes.ts';
import { bySystemd } from '../systemd-unit.ts';
import { birdQuestion } from './control-client.ts';

const POLL_MS = 50;
const SETTLE_MS = 3_000;

/** Pure. @param shown what `systemctl show` prints, `NAME=VALUE` a line */
export function wasSkipped(shown: string): boolean {
  const said = new Map(shown.split('\n').map((line) => line.split('=', 2) as [string, string]));
  return (
    said.get('UnitFileState') === 'enabled' &&
    said.get('ActiveState') === 'inactive' &&
    said.get('ConditionResult') === 'no' &&
    // 0: nobody looked as yet, for its turn at boot is to come
    Number(said.get('ConditionTimestampMonotonic') ?? 0) > 0
  );
}

/** Returns when its socket answers, or soon after; that it is down nevertheless is told by who asks it next. */
export async function startSkipped(socket: string): Promise<void> {
  if (!bySystemd()) return;
  const names = 'UnitFileState,ActiveState,ConditionResult,ConditionTimestampMonotonic';
  try {
    if (!wasSkipped(await run('systemctl', ['show', `--property=${names}`, 'bird.service']))) return;
    // it is ordered after us: while we are starting, its job waits
    await run('systemctl', ['start', '--no-block', 'bird.service']);
    await untilAnswered(socket);
  } catch (error) {
    if (!isHostError(error)) throw error;
  }
}

async function untilAnswered(socket: string): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (performance.now() < end) {
    try {
      await birdQuestion(socket, 'show status', 1_000);
      return;
    } catch (error) {
      if (!isHostError(error)) throw error;
      await sleep(POLL_MS);
    }
  }
}
