// The table `inet wgospf` on the real kernel: what each of its rules does to packets, and that drift of it is repaired.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, type Daemon } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { expectFull } from './lab/expect-mesh.ts';
import { makeGatewayMesh, type GatewayMesh } from './lab/gateway-mesh.ts';
import { capture, reaches } from './lab/probe.ts';

let mesh: GatewayMesh;
let foreign: string;

beforeAll(async () => {
  mesh = await makeGatewayMesh();
  foreign = await mesh.foreignTables();
  await mesh.apply('firewall: nftables');
});

afterAll(() => mesh.lab.close());

const listing = (): Promise<string> => mesh.gateway.sh('nft -s list table inet wgospf');

/** Packets that a rule with these words has dropped. */
async function dropped(words: string): Promise<number> {
  const lines = (await mesh.gateway.sh('nft list table inet wgospf'))
    .split('\n')
    .filter((line) => line.includes(words));
  expect(lines, words).toHaveLength(1);
  return Number(/counter packets (\d+)/.exec(lines[0] ?? '')?.[1]);
}

/** One packet of OSPF's protocol number, as somebody on the uplink might send it. */
const sendOspf = (to: string): string =>
  `perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 89); send(S, "x" x 24, 0, sockaddr_in(0, inet_aton("${to}")))'`;

describe('the table and packets', () => {
  test('OSPF is accepted only from the mesh', async () => {
    await mesh.lab.underlay.sh(sendOspf(mesh.gateway.underlay));
    await eventually(async () => {
      expect(await dropped('meta l4proto ospf')).toBe(1);
    });
    await expectFull(mesh.gateway, { wg222: '10.69.2.22' });
    // the far end, which has no such table: its hellos are Full with ours through it
    expect(await reaches(mesh.side1.host, '10.69.3.50')).toBe(true);
    expect(await dropped('meta l4proto ospf')).toBe(1);
  });

  test('BFD is accepted only from the mesh', async () => {
    await mesh.lab.underlay.sh(`echo >/dev/udp/${mesh.gateway.underlay}/3784`);
    await mesh.side1.host.sh('echo >/dev/udp/10.69.1.11/3784');
    await eventually(async () => {
      expect(await dropped('udp dport { 3784, 3785, 4784 }')).toBe(1);
    });
  });

  test("WireGuard's port is open to the underlay, and closed to the mesh", async () => {
    await mesh.side1.host.sh('echo >/dev/udp/10.69.1.11/51825');
    await mesh.lab.underlay.sh(`echo >/dev/udp/${mesh.gateway.underlay}/51825`);
    await eventually(async () => {
      expect(await dropped('udp dport 51825')).toBe(1);
    });
  });

  test('an operator can log in through the underlay and through the mesh', async () => {
    expect([
      await reaches(mesh.lab.underlay, mesh.gateway.underlay),
      await reaches(mesh.third.host, '10.69.1.11'),
      await reaches(mesh.gateway, '127.0.0.1'),
    ]).toEqual([true, true, true]);
  });

  test('a connection through a tunnel uses segments that fit it', async () => {
    const { side1, third } = mesh;
    const seen = await capture(third.host, 'tcp port 9', () => side1.host.sh('echo >/dev/tcp/10.69.3.50/9 || true'));
    // 1420 less IPv4's 20 and TCP's 20 bytes; the host's own interface has an MTU of 1500
    expect(seen.join('\n')).toMatch(/10\.69\.1\.50\.\d+ > 10\.69\.3\.50\.9: Flags \[S\],.* options \[mss 1380,/);
  });

  test('crossing packets are dropped although every rule is gone', async () => {
    const { gateway, lab, side1 } = mesh;
    await gateway.sh('ip rule flush protocol 87; ip route del unreachable default table 2');
    const before = [await dropped('iifname @mesh oifname != @mesh'), await dropped('iifname != @mesh oifname @mesh')];
    expect(await reaches(side1.host, '203.0.113.1')).toBe(false);
    expect(await reaches(lab.underlay, '10.69.1.50')).toBe(false);
    const after = [await dropped('iifname @mesh oifname != @mesh'), await dropped('iifname != @mesh oifname @mesh')];
    expect(after.map((n, i) => n - (before[i] ?? 0))).toEqual([3, 3]);
    await gateway.wgospf(['apply']);
  });
});

const damages = {
  'the table deleted': 'nft delete table inet wgospf',
  'a chain flushed': 'nft flush chain inet wgospf forward',
  'a rule added': 'nft add rule inet wgospf forward accept',
  'a rule put first': 'nft insert rule inet wgospf input accept',
  'an interface taken out': 'nft delete element inet wgospf mesh { "wg222" }',
  'an interface put in': 'nft add element inet wgospf mesh { "eth0" }',
  'a policy changed': 'nft chain inet wgospf input "{ policy drop; }"',
  'a chain added': 'nft add chain inet wgospf other',
  'a set added': 'nft add set inet wgospf other "{ type ifname; }"',
  'switched off': 'nft add table inet wgospf "{ flags dormant; }"',
};

describe('drift', () => {
  test.each(Object.entries(damages))('%s is planned and repaired', async (_name, command) => {
    const intact = await listing();
    await mesh.gateway.sh(command);
    const { stdout } = await mesh.gateway.wgospf(['plan'], { mayFail: true });
    expect(stdout).toContain('nft -f /dev/stdin');
    await mesh.gateway.wgospf(['apply']);
    expect(await listing()).toBe(intact);
    expect(await mesh.foreignTables()).toBe(foreign);
  });

  test('the daemon notices the change and repairs it', async () => {
    const daemon: Daemon = await startDaemon(mesh.gateway);
    try {
      const intact = await listing();
      await mesh.gateway.sh('nft delete table inet wgospf');
      expect(await daemon.logged(({ event }) => event === 'repaired')).toMatchObject({
        object: 'nftables:inet wgospf',
      });
      expect(await listing()).toBe(intact);
    } finally {
      await daemon.stop();
    }
  });
});

const GONE =
  'for f in 4 6; do ip -$f rule flush protocol 87; ip -$f route flush table all proto 87; done; ip route del unreachable default table 2 || true';

/** Echo requests that get across while all that is ours of rules and routes is deleted, as systemd-networkd does: [out, in]. */
async function crossed(): Promise<[number, number]> {
  const { gateway, lab, side1 } = mesh;
  const send = (from: typeof lab.underlay, to: string): Promise<unknown> =>
    from.exec('ping', ['-n', '-q', '-c', '40', '-i', '0.02', '-W', '1', to], { mayFail: true });
  let inside: string[] = [];
  const outside = await capture(lab.underlay, 'icmp[icmptype] = icmp-echo and dst 203.0.113.1', async () => {
    inside = await capture(side1.host, 'icmp[icmptype] = icmp-echo and dst 10.69.1.50', async () => {
      await gateway.sh(GONE);
      await Promise.all([send(side1.host, '203.0.113.1'), send(lab.underlay, '10.69.1.50')]);
    });
  });
  return [outside.length, inside.length];
}

describe('rules and routes are deleted, as systemd-networkd does, while hosts on both sides send', () => {
  test('nothing crosses by default, and no connection is tracked for it', async () => {
    await mesh.apply();
    expect(await listing()).not.toMatch(/ct state|maxseg|chain input/);
    expect(await crossed()).toEqual([0, 0]);
    for (const words of ['iifname @mesh oifname != @mesh', 'iifname != @mesh oifname @mesh'])
      expect(await dropped(words)).toBeGreaterThanOrEqual(40);
    await mesh.gateway.wgospf(['apply']);
  });

  test('without the second guard packets cross, and the captures show them', async () => {
    await mesh.apply('firewall: none');
    expect(await mesh.gateway.sh('nft list tables')).not.toContain('wgospf');
    for (const n of await crossed()) expect(n).toBeGreaterThanOrEqual(40);
    await mesh.gateway.wgospf(['apply']);
  });
});

describe('nft that fails', () => {
  const nft = (script: string): Promise<string> =>
    mesh.gateway.sh(`mkdir -p /run/bin; printf '#!/bin/sh\n%s\n' '${script}' >/run/bin/nft; chmod 755 /run/bin/nft
      mount --bind /run/bin/nft "$(readlink -f /usr/sbin/nft)"`);
  const mend = (): Promise<string> => mesh.gateway.sh('umount "$(readlink -f /usr/sbin/nft)"');
  const status = async (): Promise<string> => (await mesh.gateway.wgospf(['status'], { mayFail: true })).stdout;

  // as one does whose kernel has no table of family inet
  const SCRIPT =
    'case "$*" in *list*) echo "Error: No such file or directory";; *) echo "Error: Operation not supported";; esac >&2; exit 1';

  test('is a warning for the second guard, and the router stays in sync', async () => {
    await mesh.apply('firewall: none');
    await nft(SCRIPT);
    await mesh.apply();
    expect(await status()).toMatch(/warning nftables-failing/);
    await mend();
    await mesh.gateway.wgospf(['apply']);
    expect(await listing()).toContain('chain forward');
  });
});

test('the daemon starts nft for a look only if the ruleset has changed', async () => {
  const { gateway } = mesh;
  await mesh.apply();
  await gateway.sh(`mkdir -p /run/bin; cp -L /usr/sbin/nft /run/bin/real-nft
    printf '#!/bin/sh\necho "$*" >>/run/bin/log\nexec /run/bin/real-nft "$@"\n' >/run/bin/nft; chmod 755 /run/bin/nft
    mount --bind /run/bin/nft "$(readlink -f /usr/sbin/nft)"`);
  const daemon: Daemon = await startDaemon(gateway);
  const looks = async (): Promise<number> => Number(await gateway.sh('grep -c list /run/bin/log || true'));
  try {
    await gateway.wgospf(['reload']);
    const before = await looks();
    for (let n = 0; n < 3; n++) await gateway.wgospf(['reload']);
    expect([before > 0, await looks()]).toEqual([true, before]);
    await gateway.sh('/run/bin/real-nft add table ip other; /run/bin/real-nft delete table ip other');
    await gateway.wgospf(['reload']);
    expect(await looks()).toBeGreaterThan(before);
  } finally {
    await daemon.stop();
    await gateway.sh('umount "$(readlink -f /usr/sbin/nft)"');
  }
});

test('a flushed ruleset loses foreign tables, and ours is restored', async () => {
  const intact = await listing();
  await mesh.gateway.sh('nft flush ruleset');
  await mesh.gateway.wgospf(['apply']);
  expect(await listing()).toBe(intact);
  expect(await mesh.foreignTables()).toBe('');
});
