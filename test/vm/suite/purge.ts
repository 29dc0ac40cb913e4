// The package is removed, and the network still works; it is purged, and the machine is as it was before.
import { expect, test } from 'vitest';
import { difference, takeInventory, type Inventory } from './inventory.ts';
import { KEY, type Router } from './router.ts';

export function purgeRefused(at: () => Router): void {
  test('purge is refused while policy-rc.d keeps the daemon alive', async () => {
    const router = at();
    const rules = await router.sh('ip rule');
    await router.machine.write('/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n');
    await router.sh('chmod 755 /usr/sbin/policy-rc.d');
    const refused = await router.machine.run('DEBIAN_FRONTEND=noninteractive apt-get purge -y wgospf', {
      seconds: 300,
    });
    router.say('apt purge beside a daemon that runs', `${refused.stdout}${refused.stderr}`);
    expect(refused.code).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain(`it still runs (pid ${await router.pid()})`);
    expect(await router.sh('ip rule')).toBe(rules);
    await router.sh('rm /usr/sbin/policy-rc.d; systemctl stop wgospf');
    await router.install(router.built);
    await router.inSync();
  });
}

export function purged(at: () => Router, before: () => Inventory): void {
  test('remove ends the daemon, and the mesh continues', async () => {
    const router = at();
    const rules = await router.sh('ip rule');
    const handshakes = await router.sh('wg show wg111 public-key');
    router.say('apt remove', await router.sh('apt-get remove -y wgospf', 300));
    expect((await router.machine.run('pgrep -f wgospf.mjs; test -e /usr/bin/wgospf')).code).toBe(1);
    expect(await router.sh('ip rule')).toBe(rules);
    expect(await router.sh('wg show wg111 public-key')).toBe(handshakes);
    expect(await router.sh(`stat -c %a ${KEY}`)).toBe('600');
    await router.meshWorks();
  });

  test('purge restores kernel, /etc and the other files as before the installation', async () => {
    const router = at();
    await router.sh(`echo 'wgospf wgospf/purge-keys boolean true' | debconf-set-selections`);
    router.say('apt purge', await router.sh('DEBIAN_FRONTEND=noninteractive apt-get purge -y wgospf', 300));
    const [was, is] = [before(), await takeInventory(router)];
    expect(difference(was.files, is.files)).toEqual([]);
    expect(difference(was.kernel.split('\n'), is.kernel.split('\n'))).toEqual([]);
    expect(await router.sh('systemctl is-active bird networking')).toBe('active\nactive');
    await router.sh('ping -c 1 -W 20 198.51.100.1');
  });
}
