// After a reboot of the machine everything comes back by itself, and no mesh packet is ever on the wire of the uplink. The
// capture and the probes run from before the first interface is up (test/vm/guest/boot); before.ts has shown that the
// capture sees what the probes send.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import type { Router } from './router.ts';
import { mesh, seen } from './uplink.ts';

/** Seconds since boot at which the start of a unit began and ended. */
async function times(router: Router, unit: string): Promise<{ begin: number; end: number }> {
  const output = await router.sh(
    `systemctl show -P InactiveExitTimestampMonotonic ${unit}; systemctl show -P ActiveEnterTimestampMonotonic ${unit}`,
  );
  const [begin = Number.NaN, end = Number.NaN] = output.split('\n').map((microseconds) => Number(microseconds) / 1e6);
  return { begin, end };
}

const firstProbe = async (router: Router): Promise<number> =>
  Number((await router.sh('head -1 /run/keep/probe-lan.log')).split(' ')[0]);

export function rebooted(at: () => Router): void {
  test('a reboot restores everything, and no mesh packet left by the uplink', async () => {
    const router = at();
    const seconds = await router.machine.reboot();
    await router.settled();
    await router.meshWorks();
    await router.inSync();
    const [guard, uplink, agent] = [
      await times(router, 'wgospf-guard'),
      await times(router, 'networking'),
      await times(router, 'wgospf'),
    ];
    const probe = await firstProbe(router);
    const leaked = await seen(router, mesh);
    const wireguard = await seen(router, 'udp port 51825');
    router.say(
      `reboot, ${seconds.toFixed(0)} s`,
      [
        `seconds since boot: probes from ${probe}; guards ${guard.begin.toFixed(1)} to ${guard.end.toFixed(1)}`,
        `                    uplink ${uplink.begin.toFixed(1)} to ${uplink.end.toFixed(1)}; agent ${agent.begin.toFixed(1)} to READY ${agent.end.toFixed(1)}`,
        `on the uplink:      ${leaked.length} packets of the mesh, ${wireguard.length} of WireGuard`,
        `probes sent:        ${(await router.sh('tail -qn 1 /run/keep/probe-*.log')).replaceAll('\n', ', ')}`,
      ].join('\n'),
    );
    expect(leaked).toEqual([]);
    expect(wireguard).not.toEqual([]);
    expect(probe).toBeLessThan(uplink.begin);
    expect(guard.end).toBeLessThan(uplink.begin);
    expect(guard.end).toBeLessThanOrEqual((await times(router, 'sysinit.target')).end);
    expect(await router.sh('systemctl --failed --no-legend')).toBe('');
    router.say(
      'journal of this boot',
      await router.sh('journalctl --no-pager -b -o short-monotonic -u wgospf -u wgospf-guard -u bird'),
    );
  });

  test('a packet from the tunnel to the internet ends in the router', async () => {
    const router = at();
    await eventually(() => router.sh(`timeout 30 tcpdump -c 1 -n -i wg111 'udp port 9004 and host 192.0.2.99'`), {
      within: 90,
    });
    await router.sh('ping -c 1 -W 20 198.51.100.1');
    // the capture is a moment later than the packets
    await eventually(
      async () => {
        expect(await seen(router, 'icmp and host 198.51.100.1 and host 198.51.100.22')).not.toEqual([]);
      },
      { within: 60 },
    );
    expect(await seen(router, mesh)).toEqual([]);
  });
}
