// The package is installed as by a user, the state file written, and the router comes up by itself.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { KEY, stateFile, type Router } from './router.ts';

/** Lines of the journal of a priority, `err` or `warning` and worse. */
const journal = (router: Router, options: string): Promise<string> =>
  router.sh(`journalctl --no-pager -o cat -b -u wgospf ${options}`);

export function install(at: () => Router): void {
  test('an installed daemon waits for the state file, and says so', async () => {
    const router = at();
    router.say('apt', await router.install(router.built));
    expect(await router.sh('dpkg -s wgospf')).toContain('Status: install ok installed');
    expect(await router.sh('systemctl is-active wgospf; systemctl is-enabled wgospf')).toBe('active\nenabled');
    const status = await router.statusLine();
    router.say('status before there is a state file', status);
    expect(status).toContain('/etc/wgospf/state.yaml');
  });

  test('a written state file brings the tunnel up and OSPF to Full, and the status line shows it', async () => {
    const router = at();
    await router.machine.write(
      '/etc/wgospf/state.yaml',
      stateFile(await router.sh('cat /usr/local/lib/wgospf-test/keys/peer.pub')),
    );
    const key = await eventually(() => router.sh(`wgospf pubkey <${KEY}`), { within: 300, every: 1000 });
    await router.sh(`/run/host/guest/peer ${key}`);
    await router.meshWorks();
    await router.inSync();
    router.say('systemctl status', await router.sh('systemctl status --no-pager -n 0 wgospf'));
    router.say('wgospf status', await router.sh('wgospf status'));
    router.say('journal', await journal(router, ''));
  });

  test('the tunnel uses the kernel’s WireGuard, and the journal contains no key', async () => {
    const router = at();
    expect(await router.sh('ip -d link show wg111')).toContain('wireguard');
    expect((await router.machine.run('pgrep wireguard-go')).code).toBe(1);
    expect((await router.machine.run(`journalctl -b | grep -qF -f ${KEY}`)).code).toBe(1);
    expect(await router.sh(`stat -c '%a %U' ${KEY} /etc/wgospf`)).toBe('600 root\n750 root');
  });

  test('the journal has no error, and a second look finds nothing to do', async () => {
    const router = at();
    // under emulation BIRD may not get the processor within the daemon's deadline; the status shows when that is over
    const errors = (await journal(router, '-p err')).split('\n');
    expect(errors.filter((line) => line !== '' && !line.includes('bird-not-answering'))).toEqual([]);
    expect(await router.sh('wgospf plan')).toMatch(/in sync/);
  });

  test('ifupdown manages eth0 as before', async () => {
    const router = at();
    expect(await router.sh('dpkg -V ifupdown; ifquery --state')).toMatch(/^eth0=eth0$/m);
    expect(await router.sh('systemctl is-active networking')).toBe('active');
    expect(await router.sh('ip -4 -o address show dev eth0')).toContain('198.51.100.22/24');
    expect(await router.sh('ip route show default')).toContain('default via 198.51.100.1 dev eth0');
    const rules = await router.sh('ip rule');
    await router.sh('ifdown eth0 && ifup eth0');
    expect(await router.sh('ip rule')).toBe(rules);
    await router.meshWorks();
    await router.inSync();
  });
}
