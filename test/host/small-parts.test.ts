// resolveName, the probe, and the input of a started wireguard-go; takeLock is in lock.test.ts.
import { expect, test } from 'vitest';
import { HostError } from '../../src/host/error.ts';
import { probeEnv } from '../../src/host/probe.ts';
import { resolveName } from '../../src/host/resolve-name.ts';
import { systemdRunArguments } from '../../src/host/userspace/start.ts';
import type { Host } from '../../src/host/types.ts';

test.each([
  ['192.0.2.1', ['192.0.2.1']],
  ['2001:DB8:0:0::1', ['2001:db8::1']],
])('an address resolves to itself, in canonical form: %s', async (name, addresses) => {
  expect(await resolveName(name)).toEqual(addresses);
});

test('localhost resolves', async () => {
  const found = await resolveName('localhost');
  expect(found.length).toBeGreaterThan(0);
  expect(found[0]).toMatch(/^(127\.|::1$)/);
});

test.each(['no-such-name.invalid', 'not a name'])('%j resolves to no address, without an error', async (name) => {
  expect(await resolveName(name)).toEqual([]);
});

const hostWith = (disabled: string | undefined, kind: () => Promise<boolean>): Host =>
  ({
    sysctl: { read: () => Promise.resolve(disabled) },
    rtnl: { supportsLinkKind: kind },
    bird: { version: () => Promise.resolve(undefined) },
  }) as unknown as Host;

test.each([
  ['0', true],
  ['1', true],
  [undefined, false],
])('disable_ipv6 %j gives ipv6 %j', async (disabled, ipv6) => {
  expect((await probeEnv(hostWith(disabled, () => Promise.resolve(false)))).ipv6).toBe(ipv6);
});

test('without permission the kernel counts as having WireGuard, and other errors are errors', async () => {
  const failing = (code: string) => () => Promise.reject(new HostError({ operation: 'probe', code, detail: 'no' }));
  expect((await probeEnv(hostWith('0', failing('EPERM')))).kernelWireguard).toBe(true);
  await expect(probeEnv(hostWith('0', failing('EIO')))).rejects.toMatchObject({ code: 'EIO' });
});

test('under systemd wireguard-go gets its own unit, in our network namespace', () => {
  expect(systemdRunArguments('wg222', undefined).join(' ')).toBe(
    '--quiet --collect --unit=wgospf-wireguard-go-wg222 --description=wireguard-go for wg222 ' +
      '--service-type=forking --property=Restart=no wireguard-go wg222',
  );
  expect(systemdRunArguments('wg222', '/proc/7/ns/net')).toContain('--property=NetworkNamespacePath=/proc/7/ns/net');
});
