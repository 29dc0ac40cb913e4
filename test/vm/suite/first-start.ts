// A fresh installation with a BIRD whose package has no bird.conf, and which starts only if there is one.
import { expect, test } from 'vitest';
import type { Router } from './router.ts';

const DROP_IN = '/run/systemd/system/bird.service.d/newer.conf';

export function firstStart(at: () => Router): void {
  test('a BIRD that systemd skipped for lack of a bird.conf is started with the first one', async () => {
    const router = at();
    await router.sh('systemctl stop wgospf; wgospf down; systemctl stop bird; mv /etc/bird/bird.conf /root/', 300);
    await router.machine.write(DROP_IN, '[Unit]\nConditionPathExists=/etc/bird/bird.conf\n');
    await router.sh('systemctl daemon-reload; systemctl start bird; systemctl start wgospf', 180);
    await router.meshWorks();
    await router.inSync();
    // its own file is restored, for the next scenarios
    await router.sh('systemctl stop wgospf; wgospf down; systemctl stop bird; mv /root/bird.conf /etc/bird/', 300);
    await router.sh(
      `rm -r ${DROP_IN.replace(/\/[^/]*$/, '')}; systemctl daemon-reload; systemctl start bird wgospf`,
      180,
    );
    await router.meshWorks();
    await router.inSync();
    expect(await router.sh('systemctl is-active bird wgospf')).toBe('active\nactive');
  });
}
