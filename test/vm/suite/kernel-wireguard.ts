// The kernel's own WireGuard over netlink, compared with wg: the same checks that wireguard-go passes in a namespace.
import { expect, test } from 'vitest';
import { makeProgram, root } from '../../../packaging/bundle.ts';
import { wireguardChecks } from '../../netns/lab/wireguard-checks.ts';
import { listingChecks } from '../guest-programs/listing-checks.ts';
import type { Router } from './router.ts';

const PROGRAM = '/usr/lib/wgospf/lib/kernel-wireguard.mjs';

/** After the install: the package's Node and addon run it. */
export function kernelWireguard(at: () => Router): void {
  test('netlink reads and sets the kernel’s WireGuard as wg does', async () => {
    const router = at();
    await router.machine.write(PROGRAM, await makeProgram(`${root}test/vm/guest-programs/kernel-wireguard.ts`));
    const { stdout, stderr } = await router.machine.run(
      `ip netns add wgc; ip -n wgc link set lo up; LAB_PATIENCE=5 ip netns exec wgc /usr/lib/wgospf/node ${PROGRAM}; ip netns del wgc; rm ${PROGRAM} /run/wireguard-check*`,
    );
    router.say('netlink and wg', stdout + stderr);
    const checks = [...wireguardChecks, ...listingChecks];
    const output = stdout.replaceAll(/ \(\d+ ms\)$/gm, '').trim();
    expect(output.split('\n')).toEqual(checks.map(({ name }) => `ok: ${name}`));
  });

  test('wireguard.threaded has the kernel receive by threads, and a pass puts it back', async () => {
    const router = at();
    const threaded = '/sys/class/net/wg111/threaded';
    const reload = (words: string): Promise<string> =>
      router.sh(`cd /etc/wgospf; sed -i '/^wireguard:/d' state.yaml; echo '${words}' >>state.yaml; wgospf reload`);
    // the daemon sets it, although the rest of /sys is read-only to its unit
    await reload('wireguard: {threaded: true}');
    expect(await router.sh(`cat ${threaded}; ps -e -o comm= | grep -c '^napi/wg111'`)).toBe('1\n1');
    await router.sh(`echo 0 >${threaded}; wgospf reload`);
    expect(await router.sh(`cat ${threaded}`)).toBe('1');
    await reload('wireguard: {threaded: false}');
    expect(await router.sh(`cat ${threaded}; wgospf status | grep -c threaded || true`)).toBe('0\n0');
    await reload('');
    await router.meshWorks();
  });
}
