// The kernel's settings for IPv6: when each is changed, that the uplink keeps its router advertisements, and what is restored.
import { describe, expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { DUAL, ipv6State, V4_ONLY } from './state.ts';

const boot = `
ip link set lo up
ip link add eth0 type veth peer name isp
ip link set isp up
ip link set eth0 up
wg genkey > /etc/wgospf/keys/wg222.key`;

function router(lines = ''): FakeHost {
  const host = createFakeHost();
  host.run(`${boot}\n${lines}`);
  return host;
}

const apply = (host: FakeHost, text: string): ReturnType<typeof reconcile> =>
  reconcile(host, resources, readState(text, host.env), { adopt: false });
const down = (host: FakeHost): ReturnType<typeof reconcile> => reconcile(host, resources, undefined, { adopt: false });
const SETTING = 'net.ipv6.conf.eth0.accept_ra';
const acceptRa = (host: FakeHost): string | undefined => host.state.sysctls.get(SETTING);
const route = 'ip -6 route add default via fe80::1 dev eth0 metric 1024 proto ra';
const hasDefault = (host: FakeHost): boolean => host.state.routes.some(({ protocol }) => protocol === 9);

describe('an uplink that accepts router advertisements', () => {
  it('keeps accepting them, and keeps its default route', async () => {
    const host = router(route);
    expect((await apply(host, ipv6State(DUAL))).inSync).toBe(true);
    expect([acceptRa(host), hasDefault(host)]).toEqual(['2', true]);
    await down(host);
    expect([acceptRa(host), hasDefault(host)]).toEqual(['1', true]);
  });

  it('is set before anything is forwarded, and forwarding waits for it', async () => {
    const twin = router(route);
    await apply(twin, ipv6State(DUAL));
    const at = twin.calls.findIndex(({ name, args }) => name === 'sysctl.write' && args[0] === SETTING);
    const host = router(route);
    host.failCall(at, 'EIO');
    const { results } = await apply(host, ipv6State(DUAL));
    const outcome = (key: string): string | undefined =>
      results.find(({ operation }) => operation.key === key)?.outcome.status;
    expect(outcome(SETTING)).toBe('failed');
    expect(outcome('net.ipv6.conf.all.forwarding')).toBe('blocked');
    expect(hasDefault(host)).toBe(true);
  });

  it('is set again after somebody undid it', async () => {
    const host = router(route);
    await apply(host, ipv6State(DUAL));
    host.run('sysctl -w net.ipv6.conf.eth0.accept_ra=1');
    const plan = await makePlan(host, resources, readState(ipv6State(DUAL), host.env), { adopt: false });
    expect(plan.operations.map(({ command }) => command)).toEqual(['sysctl -w net.ipv6.conf.eth0.accept_ra=2']);
  });

  it('is left alone if it accepts none, and if the mesh has no IPv6', async () => {
    const none = router('sysctl -w net.ipv6.conf.eth0.accept_ra=0');
    await apply(none, ipv6State(DUAL));
    expect(acceptRa(none)).toBe('0');
    const forwarding = router('sysctl -w net.ipv6.conf.all.forwarding=1');
    await apply(forwarding, ipv6State(DUAL));
    expect(acceptRa(forwarding)).toBe('1');
    const v4 = router();
    await apply(v4, ipv6State(V4_ONLY).replace(', "fd42::/16"', ''));
    expect(acceptRa(v4)).toBe('1');
  });
});

describe('a tunnel with IPv6', () => {
  const ofTunnel = (host: FakeHost, leaf: string): string | undefined =>
    host.state.sysctls.get(`net.ipv6.conf.wg222.${leaf}`);

  it('has IPv6 on, keeps its addresses when it goes down, and accepts no default route from the far end', async () => {
    const host = router('sysctl -w net.ipv6.conf.default.disable_ipv6=1\nsysctl -w net.ipv6.conf.default.accept_ra=2');
    expect((await apply(host, ipv6State(DUAL))).inSync).toBe(true);
    expect(['disable_ipv6', 'keep_addr_on_down', 'accept_ra'].map((leaf) => ofTunnel(host, leaf))).toEqual([
      '0',
      '1',
      '0',
    ]);
  });

  it('has no address of the kernel if wireguard-go makes the tunnel', async () => {
    const host = createFakeHost({ kernelWireguard: false });
    host.run(boot);
    await apply(host, ipv6State(DUAL));
    expect(ofTunnel(host, 'addr_gen_mode')).toBe('1');
    const own = host.state.addresses.filter(({ dev, prefix }) => dev === 'wg222' && prefix.address.startsWith('fe80:'));
    expect(own.map(({ protocol }) => protocol)).toEqual([87]);
  });

  it('a tunnel without IPv6 has none of these settings, but accepts neither advertisements nor redirects', async () => {
    const host = router();
    const { results } = await apply(host, ipv6State(V4_ONLY));
    const keys = results.map(({ operation }) => operation.key).filter((key) => key.startsWith('net.ipv6.conf.wg222'));
    expect(keys).toEqual(['net.ipv6.conf.wg222.accept_ra', 'net.ipv6.conf.wg222.accept_redirects']);
  });
});

it('a local interface gets its settings back', async () => {
  const host = router(
    'ip link add eth1 type veth peer name site\nip link set site up\nsysctl -w net.ipv6.conf.eth1.disable_ipv6=1',
  );
  const before = host.snapshot();
  await apply(host, ipv6State(DUAL, 'interfaces: {eth1: {address: [10.69.1.11/24, "fd42:69::1/64"]}}\n'));
  expect(host.state.sysctls.get('net.ipv6.conf.eth1.disable_ipv6')).toBe('0');
  await down(host);
  const after = host
    .snapshot()
    .split('\n')
    .filter((line) => before.includes(line) || !line.includes('bird'));
  expect(after.join('\n')).toBe(before);
});
