// Before wgospf is installed: the state of the machine, and the proof that the probes and the capture would show a leak.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { takeInventory, type Inventory } from './inventory.ts';
import type { Router } from './router.ts';
import { probes, seen } from './uplink.ts';

export function before(at: () => Router, keep: (inventory: Inventory) => void): void {
  test('a stock Debian has no Node, and the kernel’s WireGuard', async () => {
    const router = at();
    expect((await router.machine.run('command -v node nodejs')).code).toBe(1);
    expect(await router.sh('systemctl is-active networking bird')).toBe('active\nactive');
    await router.sh('modprobe wireguard');
    router.say('machine', await router.sh('. /etc/os-release; echo $PRETTY_NAME, $(uname -r), $(bird --version 2>&1)'));
  });

  test('without wgospf the probes leave by the uplink, and the capture shows them', async () => {
    const router = at();
    await router.sh('ip address add 10.69.2.22/24 dev eth2; ip link set eth2 up');
    for (const name of [
      'from a host of the LAN to the mesh',
      'from the router to the mesh',
      'from the router by its mesh address to the internet',
    ] as const) {
      await eventually(async () => expect(await seen(router, probes[name]), name).not.toEqual([]), {
        within: 60,
        every: 1000,
      });
    }
    await router.sh('ip link set eth2 down; ip address flush dev eth2');
  });

  test('the inventory of the machine is taken', async () => {
    const inventory = await takeInventory(at());
    expect(inventory.files.length).toBeGreaterThan(1000);
    expect(inventory.kernel).toContain('198.51.100.22');
    keep(inventory);
  });
}
