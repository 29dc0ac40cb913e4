// wireguard-go passes what the kernel's WireGuard passes in a virtual machine (test/vm/suite/kernel-wireguard.ts).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { wireguardChecks } from './lab/wireguard-checks.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

let ns: Namespace;
let host: RemoteHost;

beforeAll(async () => {
  ns = await openNamespace('wg-checks');
  host = remoteHost(ns);
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

it.each(wireguardChecks)('$name', async ({ run }) => {
  await run({
    ...{ wg: host.wg, rtnl: host.rtnl, forks: () => host.forks(), sh: (script) => ns.sh(script) },
    make: (dev) => host.wg.startUserspace(dev),
    remove: (dev) => host.wg.stopUserspace(dev),
  });
  expect(host.received()).not.toMatch(/[0-9a-f]{64}/);
});
