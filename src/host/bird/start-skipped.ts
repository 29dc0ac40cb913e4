// Starts a bird.service that systemd skipped because bird.conf was missing: newer packages have no bird.conf, and their unit has
// ConditionPathExists=/etc/bird/bird.conf (bird2 2.20, bird3 3.4). When the file exists, nobody else starts it before the next boot.
// Does not start a BIRD that was stopped by hand, or is disabled.
import { setTimeout as sleep } from 'node:timers/promises';
import { isHostError } from '../error.ts';
import { run } from '../processes.ts';
import { bySystemd } from '../systemd-unit.ts';
import { birdQuestion } from './control-client.ts';

const POLL_MS = 50;
const SETTLE_MS = 3_000;

/** Pure. @param shown the output of `systemctl show`, one `NAME=VALUE` per line */
export function wasSkipped(shown: string): boolean {
  const said = new Map(shown.split('\n').map((line) => line.split('=', 2) as [string, string]));
  return (
    said.get('UnitFileState') === 'enabled' &&
    said.get('ActiveState') === 'inactive' &&
    said.get('ConditionResult') === 'no' &&
    // 0: systemd has not checked the condition yet, because the unit starts later in this boot
    Number(said.get('ConditionTimestampMonotonic') ?? 0) > 0
  );
}

/** Returns when its socket answers, or after a short time; the next question to BIRD reports if it is still down. */
export async function startSkipped(socket: string): Promise<void> {
  if (!bySystemd()) return;
  const names = 'UnitFileState,ActiveState,ConditionResult,ConditionTimestampMonotonic';
  try {
    if (!wasSkipped(await run('systemctl', ['show', `--property=${names}`, 'bird.service']))) return;
    // bird.service is ordered after wgospf: its job waits while wgospf starts
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
