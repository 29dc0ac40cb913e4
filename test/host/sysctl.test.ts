import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSysctl, sysctlPath } from '../../src/host/sysctl.ts';

const sysctl = createSysctl();

test.each([
  ['net.ipv4.ip_forward', '/proc/sys/net/ipv4/ip_forward'],
  ['net.ipv4.conf.eth0/1.rp_filter', '/proc/sys/net/ipv4/conf/eth0.1/rp_filter'],
  ['/sys/class/net/eth0.1/threaded', '/sys/class/net/eth0.1/threaded'],
  ['net.ipv6.conf.wg-a_b.forwarding', '/proc/sys/net/ipv6/conf/wg-a_b/forwarding'],
])('%s is %s', (name, path) => {
  expect(sysctlPath(name)).toBe(path);
});

test.each(['', 'net..x', '.net', 'net.', 'net.//.x', 'net./.x', '/sys/class/net/../threaded'])(
  '%j, which would leave the tree, is refused',
  (name) => {
    expect(() => sysctlPath(name)).toThrow('not the name of a sysctl');
  },
);

test('a value is read without the line feed, and an unknown name is undefined', async () => {
  expect(await sysctl.read('kernel.ostype')).toBe(readFileSync('/proc/sys/kernel/ostype', 'utf8').trim());
  expect(await sysctl.read('net.ipv4.conf.no-such-link.rp_filter')).toBeUndefined();
});

test('an attribute of a link in /sys is read and written like a sysctl', async () => {
  expect(await sysctl.read('/sys/class/net/no-such-link/threaded')).toBeUndefined();
  await expect(sysctl.write('/sys/class/net/no-such-link/threaded', '1')).rejects.toMatchObject({
    code: 'ENOENT',
    operation: 'echo 1 > /sys/class/net/no-such-link/threaded',
  });
});

test('writing an unknown name is ENOENT with the command in its message', async () => {
  await expect(sysctl.write('net.ipv4.conf.no-such-link.rp_filter', '2')).rejects.toMatchObject({
    code: 'ENOENT',
    operation: 'sysctl -w net.ipv4.conf.no-such-link.rp_filter=2',
  });
});

test('a directory of /proc/sys is an error and not a value', async () => {
  await expect(sysctl.read('net.ipv4')).rejects.toMatchObject({ code: 'EISDIR' });
});
