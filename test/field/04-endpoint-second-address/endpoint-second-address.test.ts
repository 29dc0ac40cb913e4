// windtf/wireproxy#153, wgtunnel/android#1098 and #1049, amnezia-vpn/amneziawg-android#67: of a name with several addresses (AAAA
// beside A, or two A) only the first is ever called, and if that one is dead the tunnel never comes up.
//
//   node11 (wgospf run) --- the internet --- node22 (WireGuard by hand: 198.51.100.2, 2001:db8::2; silent until it is called)
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon } from '../../netns/lab/daemon.ts';
import { eventually } from '../../netns/lab/eventually.ts';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const LONG = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(58)}.example`;
/** RFC 6724 does not order .2 and .3, seen from .1: they stay in this order. */
const HOSTS = `
2001:db8::2 dual.example.net
198.51.100.2 dual.example.net
198.51.100.3 two.example.net
198.51.100.2 two.example.net
10.70.0.9 ${LONG}
198.51.100.2 ${LONG}
`;

const ALL = 'allowed-ips 0.0.0.0/0,::/0';

let lab: Lab;
let router: Router;
let far: Router;
let daemon: Daemon;
let [ownKey, farKey] = ['', ''];

async function point(name: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');
  await router.writeState(text.replace('FAR-KEY', farKey).replace('NAME', name));
}

const words = async (what: string): Promise<string> =>
  (await router.sh(`wg show wg222 ${what}`)).trim().split('\t')[1] ?? '';

/** The tunnel has a session with the far end, by that address. */
const isUpBy = (endpoint: string): Promise<void> =>
  eventually(async () => {
    expect([await words('endpoints'), Number(await words('latest-handshakes')) > 0]).toEqual([endpoint, true]);
  });

/** Ends the session at both ends, else the far end would call the known address; the next one starts with the first address. */
async function forgetSession(): Promise<void> {
  const from = daemon.lines().length;
  await far.sh(`ip link set wg111 down; wg set wg111 peer ${ownKey} remove; wg set wg111 peer ${ownKey} ${ALL}`);
  await router.sh('ip link del wg222');
  await daemon.logged(({ event }) => event === 'pass', from);
  await far.sh('ip link set wg111 up');
}

beforeAll(async () => {
  lab = await makeLab();
  router = await lab.router('node11');
  far = await lab.router('node22');
  await router.sh('umask 077; mkdir -p /etc/wgospf/keys; wg genkey >/etc/wgospf/keys/wg222.key');
  ownKey = (await router.sh('wg pubkey </etc/wgospf/keys/wg222.key')).trim();
  farKey = (await far.makeKey('far.key')).trim();
  await far.sh(`wireguard-go wg111
    wg set wg111 listen-port 51825 private-key /etc/wgospf/far.key peer ${ownKey} ${ALL}
    ip link set wg111 up`);
  await router.writeFile('/etc/hosts', HOSTS);
});

afterAll(async () => {
  await daemon.stop();
  await lab.close();
});

test('a router without IPv4 uses the AAAA of a name that has both', async () => {
  await router.sh('ip addr del 198.51.100.1/24 dev eth0');
  await point('dual.example.net');
  daemon = await startDaemon(router);
  await isUpBy('[2001:db8::2]:51825');
  await router.sh('ip addr add 198.51.100.1/24 dev eth0; ip route add default via 198.51.100.254');
});

test('the second A is used if the first is dead, and is kept', async () => {
  await point('two.example.net');
  await forgetSession();
  await isUpBy('198.51.100.2:51825');
  const move = 'wg222: endpoint 198.51.100.3:51825 -> 198.51.100.2:51825';
  await daemon.logged((line) => JSON.stringify(line).includes(move));
  await eventually(async () => {
    expect(await router.readFile('/var/lib/wgospf/endpoints.json')).toContain('"two.example.net": "198.51.100.2"');
  });
  const { stdout } = await router.wgospf(['plan'], { mayFail: true });
  expect(stdout).not.toMatch(/endpoint/);
  await forgetSession();
  await isUpBy('198.51.100.2:51825');
});

test('a name that is too long for the alias works, and its address inside the mesh is never used', async () => {
  await point(LONG);
  await forgetSession();
  await isUpBy('198.51.100.2:51825');
  expect(await router.sh('ip -d link show wg222')).toMatch(/alias wgospf endpoint a{60}\.b+\.c+/);
  expect(daemon.lines().filter((line) => JSON.stringify(line).includes('10.70.0.9:'))).toEqual([]);
  const { stdout } = await router.wgospf(['plan'], { mayFail: true });
  expect(stdout).not.toMatch(/endpoint|alias/);
});

test('a name that does not resolve is reported until it resolves', async () => {
  const status = async (): Promise<string> => (await router.wgospf(['status'], { mayFail: true })).stdout;
  await point('gone.example.net');
  await eventually(async () => expect(await status()).toContain('endpoint-unresolved'));
  const from = daemon.lines().length;
  await router.sh('ip rule del pref 1098; ip link del wg222');
  await daemon.logged(({ event, triggers }) => event === 'pass' && triggers?.includes('retry') === true, from);
  expect(await status()).toContain('endpoint-unresolved');
  await router.writeFile('/etc/hosts', `${HOSTS}198.51.100.2 gone.example.net\n`);
  await isUpBy('198.51.100.2:51825');
  await eventually(async () => expect(await status()).not.toContain('endpoint-unresolved'));
});
