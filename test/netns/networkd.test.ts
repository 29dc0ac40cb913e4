// What systemd-networkd does to rules and routes of ours when it starts, and that the drop-in keeps it from it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { networkdDropIns } from '../../packaging/deb/contents.ts';
import { networkdDropIn } from '../../src/resources/surroundings/networkd.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let router: Router;

// An uplink of its own, and rules and routes as wgospf and BIRD make them. networkd wants udev to have seen a link.
const setUp = `
mkdir -p /run/systemd/netif/{links,leases,lldp} /run/udev/data /etc/systemd/network /etc/systemd/networkd.conf.d
chown -R systemd-network: /run/systemd/netif
ip link add uplink type veth peer name far
ip link add eth1 type veth peer name far1
for link in far eth1 far1; do ip link set dev $link up; done
ip addr add 10.69.1.1/24 dev eth1
for link in /sys/class/net/*; do echo I:1 >/run/udev/data/n$(cat $link/ifindex); done`;

const ours = `
ip rule add priority 1010 to 10.69.0.0/16 iif lo lookup 2 protocol 87 || true
ip rule add priority 1099 iif eth1 unreachable protocol 87 || true
ip route replace unreachable default table 2 metric 4294967295 proto 87`;

const plain = '[Match]\nName=uplink\n[Network]\nAddress=192.0.2.2/24\nGateway=192.0.2.1\nLinkLocalAddressing=no\n';
const peer = `[Match]
Name=uplink
[Network]
LinkLocalAddressing=no
[Address]
Address=192.0.2.2/31
Peer=192.0.2.3/31
[Route]
Gateway=192.0.2.3
`;

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('node111');
  await router.sh(setUp);
});

afterAll(() => lab.close());

/** Starts networkd, waits for its default route and ends it; gives what is left of ours. */
async function left(network: string, conf: string): Promise<{ rules: string[]; guard: string }> {
  await router.sh(`ip addr flush dev uplink; ip link set dev uplink down; ${ours}`);
  await router.writeFile('/etc/systemd/network/10-uplink.network', network);
  await router.writeFile('/etc/systemd/networkd.conf.d/own.conf', conf);
  const networkd = router.start('/lib/systemd/systemd-networkd', []);
  await eventually(async () => {
    expect(await router.sh('ip route show default dev uplink')).toContain('proto static');
  });
  await networkd.stop();
  const [rules, guard] = [await router.sh('ip -N rule'), await router.sh('ip route show table 2')];
  return { rules: rules.split('\n').filter((rule) => rule.includes('proto 87')), guard: guard.trim() };
}

test('fact: networkd deletes rules, including guards, and the unreachable default', async () => {
  expect(await left(plain, '')).toEqual({ rules: [], guard: '' });
});

test.each([
  ['a gateway', plain],
  ['a gateway that is the peer of its address', peer],
])('fact: with the drop-in networkd deletes none, and still sets %s', async (_what, network) => {
  expectAll(await left(network, networkdDropIn(252)));
});

test("fact: with the package's drop-ins networkd deletes none", async () => {
  for (const entry of networkdDropIns()) {
    if ('from' in entry)
      await router.writeFile(`/${entry.path}`.replace('/usr/lib', '/run'), readFileSync(entry.from, 'utf8'));
  }
  expectAll(await left(plain, ''));
});

function expectAll({ rules, guard }: Awaited<ReturnType<typeof left>>): void {
  expect(rules.map((rule) => rule.split(':')[0])).toEqual(['1010', '1099']);
  expect(guard).toMatch(/^unreachable default proto (87|wgospf) metric 4294967295/);
}
