// The package's udev rule: udev starts no program for our links, and the settings of sysctl.d(5) are made all the same.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import type { Router } from './router.ts';

/** What udev would start for a new link of this name. */
const programs = async (router: Router, name: string): Promise<string> =>
  router.sh(
    `udevadm test --action=add /sys/class/net/${name} 2>&1 | grep -oE 'systemd-sysctl|ifupdown-hotplug' | sort -u`,
  );

export function udev(at: () => Router): void {
  test('udev starts no program for a tunnel of ours, and does for another’s link', async () => {
    const router = at();
    await router.sh('ip link add others0 type wireguard && udevadm settle');
    expect(await programs(router, 'others0')).toContain('systemd-sysctl');
    expect(await programs(router, 'wg111')).toBe('');
    expect(await router.sh('udevadm info /sys/class/net/wg111')).toContain('WGOSPF_LINK=1');
    await router.sh('ip link del others0');
  });

  test('a tunnel that is made anew has its settings of sysctl.d', async () => {
    const router = at();
    await router.sh(`echo 'net.ipv4.conf.wg111.log_martians = 1' >/etc/sysctl.d/tunnel.conf; ip link del wg111`);
    await eventually(async () => expect(await router.sh('cat /proc/sys/net/ipv4/conf/wg111/log_martians')).toBe('1'), {
      within: 120,
      every: 1000,
    });
    await router.sh('rm /etc/sysctl.d/tunnel.conf');
    await router.meshWorks();
    await router.inSync();
  });
}
