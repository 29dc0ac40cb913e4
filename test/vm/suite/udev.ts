// The package's udev rule: udev starts no program for our links, and the settings of sysctl.d(5) still apply.
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import type { Router } from './router.ts';

export function udev(at: () => Router): void {
  test('udev starts no program for a link of our group, and does for a foreign one', async () => {
    const router = at();
    const settings = ['others0', 'others1'].map((name) => `net.ipv4.conf.${name}.log_martians = 1`);
    await router.sh(`
      printf '%s\\n' '${settings.join("' '")}' >/etc/sysctl.d/others.conf
      ip link add others0 type wireguard; ip link add others1 group 87 type wireguard; udevadm settle`);
    const set = (name: string): Promise<string> => router.sh(`cat /proc/sys/net/ipv4/conf/${name}/log_martians`);
    expect([await set('others0'), await set('others1')]).toEqual(['1', '0']);
    expect(await router.sh('udevadm info /sys/class/net/wg111')).toContain('WGOSPF_LINK=1');
    await router.sh('ip link del others0; ip link del others1; rm /etc/sysctl.d/others.conf; udevadm settle');
    expect(
      await router.sh('journalctl -b -u systemd-udevd -p warning -o cat | grep -iE "wgospf|others1|wg111" || true'),
    ).toBe('');
  });

  test('a tunnel that is made again has its settings of sysctl.d', async () => {
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
