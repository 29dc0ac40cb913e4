// The running daemon repairs whatever of ours somebody else undoes and reports it once; it ignores foreign changes.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostDamages, tunnelDamages, wireguardDamages } from './lab/damages.ts';
import { startDaemon, type Daemon, type LogLine } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';

const wg222Damages = tunnelDamages({ name: 'wg222', network: '10.70.89.0/31' });

let lone: LoneRouter;
let daemon: Daemon;

beforeAll(async () => {
  lone = await makeLoneRouter();
  await lone.router.wgospf(['apply', '--adopt']);
  daemon = await startDaemon(lone.router);
});

afterAll(async () => {
  await daemon.stop();
  await lone.lab.close();
});

const expectWhole = async (): Promise<void> => {
  const { stdout } = await lone.router.wgospf(['plan', '--json'], { mayFail: true });
  expect(
    (JSON.parse(stdout) as { operations: { command: string }[] }).operations.map(({ command }) => command),
  ).toEqual([]);
};

const repaired = (object: string, from: number): Promise<LogLine> =>
  daemon.logged((line) => line.event === 'repaired' && line.object === object, from);

const passes = (from: number): LogLine[] =>
  daemon
    .lines()
    .slice(from)
    .filter(({ event }) => event === 'pass');

test.each([...wg222Damages, ...hostDamages, ...wireguardDamages])(
  '$name: the change is repaired, and reported once',
  async ({ command, object }) => {
    const from = daemon.lines().length;
    await lone.router.sh(command);
    expect(await repaired(object, from)).toMatchObject({ object });
    await expectWhole();
    const reported = daemon
      .lines()
      .slice(from)
      .filter((line) => line.event === 'repaired' && line.object === object);
    expect(reported).toHaveLength(1);
  },
);

test('a changed endpoint is repaired', async () => {
  const from = daemon.lines().length;
  await lone.router.sh('wg set wg222 peer "$(wg show wg222 peers)" endpoint 198.51.100.98:1');
  await daemon.logged(
    ({ event, op }) => event === 'pass' && JSON.stringify(op).includes('endpoint 198.51.100.99'),
    from,
  );
  await expectWhole();
});

test('everything deleted at once is repaired', async () => {
  const from = daemon.lines().length;
  await lone.router.sh(
    'ip rule flush protocol 87; ip -6 rule flush protocol 87; ip route flush table 2; ip address flush dev eth1',
  );
  await repaired('address:eth1 10.69.1.11/24', from);
  await expectWhole();
});

test('an object with our mark that nobody asked for is removed', async () => {
  const from = daemon.lines().length;
  await lone.router.sh('ip rule add priority 900 to 192.0.2.0/24 unreachable protocol 87');
  await repaired('rule:inet priority 900 to 192.0.2.0/24 unreachable protocol 87', from);
  await expectWhole();
});

test('own changes start no pass', async () => {
  const from = daemon.lines().length;
  await lone.router.sh('ip link del wg222');
  await repaired('link:wg222', from);
  await expectWhole();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const idle = passes(0).filter(({ triggers = '', op }) => /drift/.test(triggers) && (op ?? []).length === 0);
  expect(idle).toEqual([]);
});

test('foreign changes start no pass', async () => {
  const from = daemon.lines().length;
  await lone.router.sh(`
    ip link add br9 type bridge; ip link set br9 up; ip address add 192.0.2.1/24 dev br9
    ip route add 203.0.113.0/25 via 192.0.2.9; ip rule add priority 500 to 203.0.113.0/24 lookup main
    ip rule del priority 500; ip link set br9 mtu 1400; ip link del br9`);
  const rule = 'priority 1098 to 10.69.0.0/16 unreachable protocol 87';
  await lone.router.sh(`ip rule del ${rule}`);
  await repaired(`rule:inet ${rule}`, from);
  // a guard is back before the pass that looks at the rest
  await daemon.logged(({ event }) => event === 'pass', from);
  expect(passes(from)).toHaveLength(1);
});

test('an interface that returns is configured', async () => {
  // in one message: between two the daemon would bring it up again
  await lone.router.sh('ip link set eth1 down name away && ip address flush dev away');
  const from = daemon.lines().length;
  await lone.router.sh('ip link set away name eth1');
  await daemon.logged(({ event, op }) => event === 'pass' && JSON.stringify(op).includes('dev eth1 up'), from);
  await expectWhole();
});

test('a storm of foreign routes hides no event', async () => {
  const lines = Array.from({ length: 40_000 }, (_, n) => {
    const dst = `10.${100 + (n % 100)}.${Math.floor(n / 100) % 200}.0/24`;
    return `route add unreachable ${dst} table 300\nroute del unreachable ${dst} table 300\n`;
  });
  await lone.router.writeFile('/run/storm', lines.join(''));
  const from = daemon.lines().length;
  const storm = lone.router.sh('ip -batch /run/storm');
  for (const { command, intact } of wg222Damages.filter(({ name }) => /route|rule|MTU/.test(name))) {
    await lone.router.sh(command);
    await eventually(() => lone.router.sh(intact));
  }
  await storm;
  await expectWhole();
  expect(passes(from).filter(({ triggers = '' }) => triggers.includes('overflow')).length).toBeLessThan(10);
});

test('a killed monitor is started again, and changes meanwhile are repaired', async () => {
  const from = daemon.lines().length;
  await lone.router.sh('pkill -KILL rtmon; ip rule del priority 1100 protocol 87');
  await daemon.logged(({ event, op }) => event === 'pass' && JSON.stringify(op).includes('priority 1100'), from);
  await expectWhole();
});

test('rules of a tunnel go while a foreign link has its name, and return with the tunnel', async () => {
  const { router } = lone;
  const rules = (): Promise<string> => router.sh('ip rule show; ip -6 rule show');
  const from = daemon.lines().length;
  await router.sh('ip link del wg222; ip link add wg222 type veth peer name peer222; ip link set wg222 up');
  // bird.conf is taken, and the guard goes after it
  await daemon.logged(({ event, msg = '' }) => event === 'pass' && msg.includes('nothing could be done'), from);
  expect(await rules()).not.toContain('iif wg222');
  await router.sh('ip link del wg222');
  await repaired('link:wg222', from);
  await expectWhole();
  expect(await rules()).toContain('iif wg222 unreachable');
  const reported = daemon.lines().slice(from);
  expect(reported.filter(({ event }) => event === 'fight' || event === 'operation-undone')).toEqual([]);
  expect(JSON.stringify(reported)).not.toContain('guard-contested');
});

test('a guard that is deleted repeatedly is back before any pass, also in a fight', async () => {
  const guard = 'priority 1099 iif eth1 unreachable protocol 87';
  const back = (): Promise<string> => lone.router.sh('ip rule show priority 1099 | grep -w eth1');
  const from = daemon.lines().length;
  const isFight = ({ event, object }: LogLine): boolean => event === 'fight' && object === `rule:inet ${guard}`;
  while (!daemon.lines().slice(from).some(isFight)) {
    await lone.router.sh(`ip rule del ${guard}`);
    await eventually(back, { every: 20 });
    // events that arrive in one pass count as one
    await daemon.logged(
      ({ event, object }) => (event === 'repaired' || event === 'fight') && object === `rule:inet ${guard}`,
      from,
    );
  }
  const late = daemon.lines().length;
  await lone.router.sh(`ip rule del ${guard}`);
  await eventually(back, { every: 5 });
  expect(passes(late).filter(({ op }) => JSON.stringify(op ?? []).includes('priority 1099'))).toEqual([]);
  await repaired(`rule:inet ${guard}`, late);
});

test('links whose guards cannot be kept go down and leak nothing, until the fight is over', async () => {
  const { router, lab, host } = lone;
  const from = daemon.lines().length;
  const fighter = router.start('bash', ['-c', 'while :; do ip rule flush protocol 87; done']);
  const contested = (raised: string, since: number): Promise<LogLine> =>
    daemon.logged(
      (line) => line.event === `condition-${raised}` && JSON.stringify(line).includes('guard-contested'),
      since,
    );
  try {
    await contested('raised', from);
    await eventually(async () => {
      expect(await router.sh('ip -br link show up')).not.toMatch(/^(eth1|wg222)/m);
    });
    await lab.underlay.sh(`nft -f - <<'END'
table ip seen { chain in { type filter hook prerouting priority 0; ip saddr 10.69.0.0/16 counter; }; }
END`);
    await host.exec('ping', ['-c', '5', '-i', '0.2', '-W', '1', '203.0.113.1'], { mayFail: true });
    expect(await lab.underlay.sh('nft list table ip seen')).toContain('packets 0 ');
    await router.exec('ping', ['-c', '1', '-W', '2', '198.51.100.254']);
  } finally {
    await fighter.stop('SIGKILL');
  }
  await contested('cleared', from);
  await eventually(async () => {
    expect(await router.sh('ip -br link show up')).toMatch(/^eth1/m);
    expect(await router.sh('ip -br link show up')).toMatch(/^wg222/m);
  });
  await eventually(expectWhole);
});

test('the daemon leaves no monitor process', async () => {
  const other = await makeLoneRouter();
  try {
    const killed = await startDaemon(other.router);
    expect(await other.router.sh('ps -C rtmon -o comm=')).toBe('rtmon\n');
    await killed.stop('SIGKILL');
    await eventually(async () => {
      expect(await other.router.sh('ps -C rtmon -o comm= || true')).toBe('');
    });
  } finally {
    await other.lab.close();
  }
});
