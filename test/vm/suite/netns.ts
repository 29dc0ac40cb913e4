// The daemon moves the mesh into a network namespace and out of it again, live. Its unit has no capability for namespaces:
// our other units do what only systemd may do.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { difference, givenBack, kernelOf, type Inventory } from './inventory.ts';
import { sayIsolation } from './isolation.ts';
import type { Router } from './router.ts';
import { mesh, seen } from './uplink.ts';

const SOCKET = '/run/wgospf-bird/bird.ctl';

/** Like Router.meshWorks, for the inside. */
const worksInside = (router: Router): Promise<void> =>
  eventually(
    async () => {
      expect(await router.sh(`birdc -s ${SOCKET} show ospf neighbors`)).toMatch(/10\.69\.1\.11\s.*Full/);
      expect(await router.sh('ip -n nycmesh route show')).toContain('10.69.1.0/24 via 10.70.89.0 dev wg111 proto bird');
      await router.sh('ip netns exec lan ping -c 1 -W 5 10.69.1.50');
    },
    { within: 300, every: 1000 },
  );

const active = (router: Router): Promise<string> =>
  router.sh('systemctl is-active wgospf-netns@nycmesh wgospf-inside@nycmesh wgospf-bird@nycmesh');

export function inNetns(at: () => Router, inventory: () => Inventory): void {
  let before: string[] = [];

  test('the daemon moves the mesh from table to a namespace, and the kernel’s WireGuard keeps its socket', async () => {
    const router = at();
    await router.meshWorks();
    before = await seen(router, mesh);
    await sayIsolation(router, 'netns');
    await worksInside(router);
    await router.inSync();
    expect(await active(router)).toBe('active\nactive\nactive');
    expect(await router.sh('ip -n nycmesh -d link show wg111')).toContain('wireguard');
    expect((await router.machine.run('ip link show wg111')).code).not.toBe(0);
    // encrypted packets leave outside, where the device was made
    expect(await router.sh('ss -ulnH sport = :51825')).not.toBe('');
    expect(await router.sh('ip netns exec nycmesh ss -ulnH sport = :51825')).toBe('');
    router.say('inside', await router.sh('ip -n nycmesh -br address; ip -n nycmesh route; ip rule'));
    router.say('wgospf leak-check', await router.sh('wgospf leak-check'));
  });

  test('wgospf exec runs in the mesh, and outside the mesh is refused', async () => {
    const router = at();
    await router.sh('wgospf exec -- ping -c 1 -W 20 10.69.1.50');
    expect((await router.machine.run('wgospf exec -- sh -c "exit 7"')).code).toBe(7);
    expect((await router.machine.run('ping -c 1 -W 2 10.69.1.50')).code).not.toBe(0);
    expect((await router.machine.run('wgospf exec -- ping -c 1 -W 2 198.51.100.1')).code).not.toBe(0);
  });

  test('a change inside is repaired, and a killed part inside comes back', async () => {
    const router = at();
    await router.sh('systemctl kill -s KILL wgospf-inside@nycmesh');
    await router.sh('ip -n nycmesh link set wg111 down');
    await worksInside(router);
    await router.inSync();
    await router.sh('systemctl kill -s KILL wgospf-bird@nycmesh');
    await worksInside(router);
    await router.inSync();
  });

  test('an update of BIRD restarts the one inside', async () => {
    const router = at();
    const bird = (): Promise<string> => router.sh('systemctl show -P MainPID wgospf-bird@nycmesh');
    const old = await bird();
    // as dpkg does when it unpacks another /usr/sbin/bird
    await router.sh('dpkg-trigger --by-package=bird2 /usr/sbin/bird; dpkg --triggers-only wgospf', 120);
    expect(await bird()).not.toBe(old);
    await worksInside(router);
    await router.inSync();
  });

  test('between unpack and configure the old daemon starts no part of the new version inside', async () => {
    const router = at();
    const path = '/root/later.deb';
    await router.machine.copyIn(router.later, path);
    await router.sh(`dpkg --unpack ${path}; rm ${path}; systemctl kill -s KILL wgospf-inside@nycmesh`, 120);
    await router.sh('ip -n nycmesh link set wg111 down');
    await eventually(
      async () => expect(await router.sh('journalctl -b -o cat -u wgospf')).toContain('systemctl restart wgospf'),
      { within: 120, every: 1000 },
    );
    expect((await router.machine.run('systemctl is-active wgospf-inside@nycmesh')).code).not.toBe(0);
    await router.sh('dpkg --configure wgospf', 180);
    await worksInside(router);
    await router.inSync();
    await router.install(router.built, '--allow-downgrades');
    await worksInside(router);
    await router.inSync();
  });

  test('back in a table nothing is left of the namespace, and no mesh packet was on the uplink', async () => {
    const router = at();
    await sayIsolation(router, 'table');
    await router.meshWorks();
    await router.inSync();
    expect(await router.sh('ip netns list')).not.toContain('nycmesh');
    expect((await router.machine.run('systemctl is-active wgospf-netns@nycmesh wgospf-bird@nycmesh')).code).not.toBe(0);
    expect(await seen(router, mesh)).toEqual(before);
  });

  test('`down` in a namespace restores everything', async () => {
    const router = at();
    await router.sh('systemctl stop wgospf');
    await sayIsolation(router, 'netns');
    await router.sh('wgospf apply', 300);
    await worksInside(router);
    router.say('wgospf down', await router.sh('wgospf down', 300));
    expect(difference(givenBack(inventory().kernel), givenBack(await kernelOf(router)))).toEqual([]);
    await sayIsolation(router, 'table');
    await router.sh('systemctl start wgospf', 300);
    await router.inSync();
    await router.meshWorks();
  });
}
