// The daemon and what follows from a key: one pass makes both, and from then on the address is watched like any other.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon } from './lab/daemon.ts';
import { dualStackState } from './lab/dual-stack-mesh.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';

let lone: LoneRouter;
let daemon: Daemon;

const linkLocal = async (): Promise<string> =>
  /fe80::\S+/.exec(await lone.router.sh('ip -6 -o addr show dev wg333 scope link 2>/dev/null || true'))?.[0] ?? '';

beforeAll(async () => {
  lone = await makeLoneRouter();
  const { router } = lone;
  const key = (await router.sh('wg genkey | wg pubkey')).trim();
  await router.writeState(dualStackState(111, { wg333: { port: 51826, key } }));
  await router.sh('rm /etc/bird/bird.conf');
  daemon = await startDaemon(router);
});

afterAll(async () => {
  await daemon.stop();
  await lone.lab.close();
});

test('the first pass makes the key and the address that is derived from it', async () => {
  expect(await linkLocal()).not.toBe('');
  await eventually(async () => {
    expect((await lone.router.wgospf(['plan'], { mayFail: true })).exitCode).toBe(0);
  });
});

test('a link-local address that somebody removes is restored', async () => {
  const address = await linkLocal();
  const from = daemon.lines().length;
  await lone.router.sh(`ip address delete ${address} dev wg333`);
  await daemon.logged(
    ({ event, object }) => event === 'repaired' && object?.startsWith('address:wg333 fe80:') === true,
    from,
  );
  expect(await linkLocal()).toBe(address);
});
