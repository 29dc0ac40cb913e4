// Whether the mesh noticed something that was done to the agent: a constant ping through the tunnel, the WireGuard
// session, the far router's view of the adjacency, and every deletion that the kernel announced meanwhile.
import { expect } from 'vitest';
import type { Router } from './router.ts';

/** WireGuard makes a new session by itself after this time (REKEY_AFTER_TIME); seconds. */
const REKEY = 120;

interface Session {
  ifindex: number;
  /** seconds since the epoch */
  handshake: number;
  received: number;
}

async function session(router: Router): Promise<Session> {
  const [ifindex, handshake, received] = (
    await router.sh(
      `cat /sys/class/net/wg111/ifindex; wg show wg111 latest-handshakes | cut -f2; wg show wg111 transfer | cut -f2`,
    )
  )
    .split('\n')
    .map(Number);
  return { ifindex: ifindex ?? 0, handshake: handshake ?? 0, received: received ?? 0 };
}

/** The changes of the adjacency in the log of node111's BIRD since it started. */
const adjacencyLog = (router: Router): Promise<string> =>
  router.sh(`grep -E 'Neighbor .* changed state' /run/keep/peer-bird.log`);

const PING = 'wgospf-test-ping';
const MONITOR = 'wgospf-test-monitor';

/** Does something, and fails if the mesh noticed it. Prints the observations. */
export async function unaffected(router: Router, what: string, step: () => Promise<void>): Promise<void> {
  await router.meshWorks();
  const before = await session(router);
  const adjacency = await adjacencyLog(router);
  const since = Date.now();
  await router.sh(`
    rm -f /run/keep/ping.log /run/keep/monitor.log
    systemd-run -q --collect --unit=${PING} -p StandardOutput=file:/run/keep/ping.log ip netns exec lan ping -n -i 0.2 -W 30 10.69.1.50
    systemd-run -q --collect --unit=${MONITOR} -p StandardOutput=file:/run/keep/monitor.log ip -ts monitor link address route rule
    until grep -q 'bytes from' /run/keep/ping.log; do sleep 0.2; done`);
  await step();
  await router.inSync();
  // the ping ends as with Ctrl-C, and prints its summary
  await router.sh(
    `systemctl kill -s INT ${PING}; until ! systemctl is-active -q ${PING}; do sleep 0.2; done; systemctl stop ${MONITOR}`,
  );
  const after = await session(router);
  const [sent = 0, received = 0] = [
    ...(await router.sh('tail -3 /run/keep/ping.log')).matchAll(/(\d+) (?:packets transmitted|received)/g),
  ].map((found) => Number(found[1]));
  const deleted = (await router.sh(`grep Deleted /run/keep/monitor.log || true`))
    .split('\n')
    .filter((line) => /wg111|eth2|table 2|lookup 2|nycmesh|unreachable|goto/.test(line));

  router.say(
    what,
    [
      `ping every 0.2 s            ${received} of ${sent} answered`,
      `WireGuard                   link ${before.ifindex} -> ${after.ifindex}, handshake ${after.handshake - before.handshake} s later after ${((Date.now() - since) / 1000).toFixed(0)} s, ${after.received - before.received} bytes received`,
      `adjacency                   ${adjacency.split('\n').length} changes of state before, ${(await adjacencyLog(router)).split('\n').length} after`,
      `deletions in the kernel     ${deleted.length}`,
    ].join('\n'),
  );
  expect(sent).toBeGreaterThan(5);
  expect(sent - received, 'packets lost; the last may still be under way').toBeLessThanOrEqual(1);
  expect(after.ifindex).toBe(before.ifindex);
  expect(after.received).toBeGreaterThan(before.received);
  // the same session, or the next one at its own time
  const later = after.handshake - before.handshake;
  expect(later === 0 || later >= REKEY - 1, `a handshake ${later} s after the last`).toBe(true);
  expect(await adjacencyLog(router)).toBe(adjacency);
  expect(deleted).toEqual([]);
}
