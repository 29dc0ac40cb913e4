// When a tunnel gets a link-local address, and the report if it cannot.
import { describe, expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { DUAL, ipv6State, V4_ONLY } from './state.ts';

const KEY = '/etc/wgospf/keys/wg222.key';
const boot = `ip link set lo up\nwg genkey > ${KEY}`;

function router(lines = boot): FakeHost {
  const host = createFakeHost();
  host.run(lines);
  return host;
}

const apply = (host: FakeHost, text: string): ReturnType<typeof reconcile> =>
  reconcile(host, resources, readState(text, host.env), { adopt: false });

const linkLocals = (host: FakeHost): string[] =>
  host.state.addresses.filter(({ prefix }) => prefix.address.startsWith('fe80:')).map(({ dev }) => dev);

const conditions = async (host: FakeHost, text: string): Promise<string[]> => {
  const plan = await makePlan(host, resources, readState(text, host.env), { adopt: false });
  return plan.conditions.map(({ code, severity, subject }) => `${severity} ${code} ${subject}`);
};

describe("a tunnel's link-local address", () => {
  const cases: [what: string, text: string, gets: boolean][] = [
    ['with an IPv6 address', ipv6State(DUAL), true],
    ['with an IPv6 address and no OSPF', ipv6State(`${DUAL}\n    ospf: false`), true],
    ['by OSPF for IPv6 alone', ipv6State('', 'bird: {ospf: {ipv6: true}}\n'), true],
    ['by OSPF for IPv6 that is said', ipv6State(V4_ONLY, 'bird: {ospf: {ipv6: true}}\n'), true],
    ['by IPv4 over OSPFv3 (RFC 5838)', ipv6State(V4_ONLY, 'bird: {ospf: {ipv4: v3}}\n'), true],
    ['not where it speaks no OSPF', ipv6State(`${V4_ONLY}\n    ospf: false`, 'bird: {ospf: {ipv6: true}}\n'), false],
    ['not without a word of IPv6', ipv6State(V4_ONLY), false],
  ];
  it.each(cases)('%s', async (_what, text, gets) => {
    const host = router();
    expect((await apply(host, text)).inSync).toBe(true);
    expect(linkLocals(host)).toEqual(gets ? ['wg222'] : []);
  });

  it('is made in the same pass as its key', async () => {
    const host = router('ip link set lo up');
    expect(await conditions(host, ipv6State(DUAL))).toEqual(['info link-local-pending wg222']);
    const report = await apply(host, ipv6State(DUAL));
    expect([report.inSync, report.conditions]).toEqual([true, []]);
    expect(linkLocals(host)).toEqual(['wg222']);
  });
});

it('stays while a key file cannot be read', async () => {
  const host = router();
  await apply(host, ipv6State(DUAL));
  const before = host.snapshot();
  host.failNext('keys.publicKeyOf', 'EIO');
  const report = await apply(host, ipv6State(DUAL));
  expect(report.conditions.map(({ code, message }) => `${code} ${message}`).join('\n')).toMatch(
    /link-local-pending .*EIO/,
  );
  expect(host.snapshot()).toBe(before);
});

it('is replaced when the key changes', async () => {
  const host = router();
  await apply(host, ipv6State(DUAL));
  const [old] = host.state.addresses.filter(({ prefix }) => prefix.address.startsWith('fe80:'));
  host.run(`rm ${KEY}\nwg genpsk > ${KEY}`);
  expect((await apply(host, ipv6State(DUAL))).inSync).toBe(true);
  const found = host.state.addresses.filter(({ prefix }) => prefix.address.startsWith('fe80:'));
  expect(found).toHaveLength(1);
  expect(found[0]?.prefix.address).not.toBe(old?.prefix.address);
});

describe('a local interface that speaks OSPFv3', () => {
  const text = ipv6State(DUAL, 'interfaces: {eth1: {address: [10.69.1.11/24, "fd42:69::1/64"]}}\n');
  const cable = `${boot}\nip link add eth1 type veth peer name site\nip link set site up`;

  it("keeps the kernel's own link-local address", async () => {
    const host = router(cable);
    expect((await apply(host, text)).conditions).toEqual([]);
    expect(linkLocals(host)).toEqual(expect.arrayContaining(['eth1', 'wg222']));
    await apply(host, ipv6State(V4_ONLY, 'interfaces: {eth1: {address: 10.69.1.11/24}}\n'));
    expect(linkLocals(host)).toContain('eth1');
    expect(linkLocals(host)).not.toContain('wg222');
  });

  it('is reported if the kernel makes no link-local address', async () => {
    const host = router(`${cable}\nsysctl -w net.ipv6.conf.eth1.addr_gen_mode=1`);
    const report = await apply(host, text);
    expect(report.conditions.map(({ code, subject }) => `${code} ${subject}`)).toEqual(['link-local-absent eth1']);
  });
});

it('has an error if another host already has its address', async () => {
  const host = router(`${boot}\nip link add eth1 type veth peer name site\nip link set site up`);
  const text = ipv6State(DUAL, 'interfaces: {eth1: {address: [10.69.1.11/24, "fd42:69::1/64"]}}\n');
  await apply(host, text);
  const at = host.state.addresses.findIndex(({ prefix }) => prefix.address === 'fd42:69::1');
  const [address] = host.state.addresses.slice(at);
  if (address === undefined) throw new Error('no such address');
  host.state.addresses[at] = { ...address, duplicate: true };
  expect(await conditions(host, text)).toEqual(['error address-duplicate eth1']);
});
