// BIRD's life beside a running daemon: whatever happens to BIRD is reported, and the rest of the router goes on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type Daemon, type LogLine } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

let lone: LoneRouter;
let router: Router;
let daemon: Daemon;
/** bird.conf as the daemon wrote it */
let conf: string;

const CONF = '/etc/bird/bird.conf';

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  await router.wgospf(['apply', '--adopt']);
  daemon = await startDaemon(router);
  conf = await router.readFile(CONF);
});
afterAll(async () => {
  await daemon.stop();
  await lone.lab.close();
});

const bird = (state: string, from: number): Promise<LogLine> =>
  daemon.logged((line) => line.event === 'bird' && JSON.stringify(line).includes(`"${state}"`), from);

const inSync = (from: number): Promise<LogLine> =>
  daemon.logged((line) => line.event === 'pass' && JSON.stringify(line).includes('"in sync'), from);

/** Somebody deletes a rule of ours, and it comes back. */
async function expectRepairs(): Promise<void> {
  await router.sh('ip rule del priority 1100 protocol 87');
  await eventually(async () => {
    expect(await router.sh('ip rule show priority 1100')).toContain('nop');
  });
}

const generation = (): string => /wgospf_generation = "(\w+)"/.exec(conf)?.[1] ?? 'no generation';

test('a killed BIRD is reported while the kernel is still repaired, and a started one gets our configuration', async () => {
  const from = daemon.lines().length;
  await router.sh('pkill -KILL -x bird');
  await bird('down', from);
  await expectRepairs();
  await router.startBird();
  await bird('up', from);
  await inSync(from);
  expect(await router.birdc('eval wgospf_generation')).toContain(generation());
});

test('a file edited while BIRD is down is in force when BIRD is back', async () => {
  const from = daemon.lines().length;
  await router.sh('pkill -KILL -x bird');
  await bird('down', from);
  const text = await router.readFile('/etc/wgospf/state.yaml');
  await router.writeState(text.replace('cost: 15', 'cost: 16'));
  await eventually(async () => {
    expect(await router.readFile(CONF)).toContain('cost 16;');
  });
  await router.startBird();
  await bird('up', from);
  expect(await router.birdc('show ospf interface')).toMatch(/Cost: 16\b/);
  conf = await router.readFile(CONF);
});

test('a hanging BIRD is reported, blocks nothing, and takes an edit when it answers', async () => {
  const from = daemon.lines().length;
  await router.sh('pkill -STOP -x bird');
  try {
    await bird('silent', from);
    await expectRepairs();
    const text = await router.readFile('/etc/wgospf/state.yaml');
    await router.writeState(text.replace('cost: 16', 'cost: 17'));
    await eventually(async () => {
      expect(await router.readFile(CONF)).toContain('cost 17;');
    });
    // passes did not wait for BIRD's five seconds; only the one that found it out waited for a moment
    const slow = daemon
      .lines()
      .slice(from)
      .filter((line) => line.event === 'pass' && line.ms !== undefined && line.ms > 3_000);
    expect(slow).toEqual([]);
  } finally {
    await router.sh('pkill -CONT -x bird');
  }
  await bird('up', from);
  await eventually(async () => {
    expect(await router.birdc('show ospf interface')).toMatch(/Cost: 17\b/);
  });
  conf = await router.readFile(CONF);
});

test.each([
  ['edited by hand', `echo '# by hand' >>${CONF}`],
  ['edited by hand and taken by BIRD', `sed -i 's/cost 17/cost 99/' ${CONF}; birdc configure`],
  ['deleted', `rm ${CONF}`],
  ['made unreadable for BIRD', `chmod 600 ${CONF}`],
])('a bird.conf that is %s is corrected, and BIRD takes it', async (_how, script) => {
  await router.sh(script);
  await eventually(async () => {
    expect(await router.readFile(CONF)).toBe(conf);
    expect(await router.sh(`stat -c '%a %U:%G' ${CONF}`)).toBe('640 root:bird\n');
    expect(await router.birdc('show ospf interface')).toMatch(/Cost: 17\b/);
  });
});

test('a BIRD that was replaced by one with another configuration gets ours', async () => {
  const from = daemon.lines().length;
  // a BIRD that runs another file, while the file on disk is ours
  await router.sh(`
    pkill -KILL -x bird; sleep 0.2; cp ${CONF} /run/ours
    printf 'protocol device {}\\n' >${CONF}; bird -u bird -g bird; cp /run/ours ${CONF}`);
  await inSync(from);
  await eventually(async () => {
    expect(await router.birdc('show ospf interface')).toMatch(/Cost: 17\b/);
  });
});
