// Runs in a machine, in a separate network namespace: compares our WireGuard over netlink with `wg`, on the kernel's devices.
// Prints one line per check; exits with 1 if one failed.
import { execFileSync } from 'node:child_process';
import { forkCount } from '../../../src/host/processes.ts';
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import { createWireguard } from '../../../src/host/wg/wireguard.ts';
import { wireguardChecks, type WireguardLab } from '../../netns/lab/wireguard-checks.ts';
import { listingChecks } from './listing-checks.ts';

const rtnl = createRtnetlink();
const wg = createWireguard(rtnl);

const lab: WireguardLab = {
  ...{ wg, rtnl, forks: () => Promise.resolve(forkCount()) },
  make: (dev) => rtnl.addLink({ name: dev, kind: 'wireguard', mtu: 1420, alias: '' }),
  remove: (dev) => rtnl.deleteLink(dev),
  sh: (script) => Promise.resolve(execFileSync('bash', ['-ec', script], { encoding: 'utf8' })),
};

for (const { name, run } of [...wireguardChecks, ...listingChecks]) {
  const begin = performance.now();
  try {
    await run(lab);
    console.log(`ok: ${name} (${Math.round(performance.now() - begin)} ms)`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`failed: ${name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
wg.close();
rtnl.close();
