// The agent is upgraded, restarted, killed and hung: the mesh does not notice.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { LATER, type Router } from './router.ts';
import { unaffected } from './witness.ts';

/** Does something that ends the daemon, and waits until another one is ready. */
async function replaced(router: Router, step: () => Promise<unknown>): Promise<void> {
  const old = await router.pid();
  await step();
  await eventually(
    async () => {
      expect(await router.sh('systemctl is-active wgospf')).toBe('active');
      expect(await router.pid()).not.toBe(old);
    },
    { within: 300, every: 500 },
  );
}

const restarts = (router: Router): Promise<string> => router.sh('systemctl show -P NRestarts wgospf');

const version = (router: Router): Promise<string> => router.sh(`dpkg-query -W -f '\${Version}' wgospf`);

/** By a person: the agent is restarted, and the package is upgraded. */
export function renewed(at: () => Router): void {
  test('systemctl restart loses no packet', async () => {
    const router = at();
    await unaffected(router, 'restart', () => replaced(router, () => router.sh('systemctl restart wgospf', 300)));
  });

  test('an upgrade to a later version loses no packet', async () => {
    const router = at();
    // as docs/bird.md says for snippets
    await router.sh('chmod o+x /etc/wgospf');
    await unaffected(router, `upgrade from ${await version(router)} to ${LATER}`, () =>
      replaced(router, () => router.install(router.later)),
    );
    expect(await version(router)).toBe(LATER);
    expect(await router.sh('wgospf version')).toContain(LATER);
    expect(await router.sh('stat -c %a /etc/wgospf')).toBe('751');
    await router.sh('chmod o-x /etc/wgospf');
  });
}

/** Installs the later version first if it is not installed yet. */
export function downgraded(at: () => Router): void {
  test('a downgrade from a later version loses no packet', async () => {
    const router = at();
    if ((await version(router)) !== LATER) await replaced(router, () => router.install(router.later));
    await unaffected(router, `downgrade from ${LATER}`, () =>
      replaced(router, () => router.install(router.built, '--allow-downgrades')),
    );
    expect(await version(router)).not.toBe(LATER);
    expect(await router.sh('wgospf version')).not.toContain(LATER);
  });
}

export function folderReplaced(at: () => Router): void {
  test('a replaced folder of the state file is followed, and its return', async () => {
    const router = at();
    for (const [from, to] of [
      ['dead: 20', 'dead: 20, cost: 33'],
      ['dead: 20, cost: 33', 'dead: 20'],
    ] as const) {
      await router.sh(
        `cd /etc; cp -a wgospf next; sed -i 's/${from}/${to}/' next/state.yaml; mv wgospf last; mv next wgospf; rm -r last`,
      );
      await eventually(
        async () => expect((await router.sh('birdc show ospf interface')).includes('Cost: 33')).toBe(to.includes('33')),
        { within: 120, every: 500 },
      );
    }
    // in the unit's sandbox the new folder is read-only until then
    await replaced(router, () => router.sh('systemctl restart wgospf', 120));
  });
}

/** Without a person: the agent is killed, and it hangs. */
export function crashed(at: () => Router): void {
  test('kill -9 loses no packet', async () => {
    const router = at();
    const before = Number(await restarts(router));
    await unaffected(router, 'kill -9', () => replaced(router, async () => router.sh(`kill -9 ${await router.pid()}`)));
    expect(Number(await restarts(router))).toBe(before + 1);
  });

  test('a hanging daemon is replaced by the watchdog', async () => {
    const router = at();
    const dropIn = '/run/systemd/system/wgospf.service.d/short.conf';
    // SIGABRT cannot end a stopped process: SIGKILL does, TimeoutAbortSec later
    await router.machine.write(dropIn, '[Service]\nWatchdogSec=20s\nTimeoutAbortSec=5s\n');
    await replaced(router, () => router.sh('systemctl daemon-reload; systemctl restart wgospf', 300));
    await unaffected(router, 'a hang (SIGSTOP)', () =>
      replaced(router, async () => router.sh(`kill -STOP ${await router.pid()}`)),
    );
    expect(await router.sh('journalctl -b --no-pager -o cat -u wgospf')).toContain('Watchdog timeout (limit 20s)!');
    await router.sh(
      `rm -r /run/systemd/system/wgospf.service.d; systemctl daemon-reload; systemctl restart wgospf`,
      300,
    );
    await router.inSync();
  });
}
