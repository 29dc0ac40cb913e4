// Programs that wgospf starts, missing or in pieces: what needs them fails and is told, the guards stand, and all works again
// when they are mended. One router whose tunnel leads to nobody:
//
//   host111 --- eth1 node111 eth0 --- the internet        wg222: 198.51.100.99, where nobody is
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDaemon, type Daemon } from './lab/daemon.ts';
import { eventually } from './lab/eventually.ts';
import { makeLoneRouter } from './lab/lone-router.ts';
import type { Lab } from './lab/make-lab.ts';
import type { Executed } from './lab/namespace.ts';
import type { Router } from './lab/router.ts';

const TOOLS = ['bird', 'wg', 'wireguard-go', 'nft', 'ip', 'setpriv', 'rtmon', 'mkfifo'];

/** What stands in a tool's place; undefined: nothing. */
const MODES: Readonly<Record<string, string | undefined>> = {
  'is missing': undefined,
  'exits with 127': 'echo "error while loading shared libraries: libc.so.6" >&2; exit 127',
  'is killed': 'kill -KILL $$',
  hangs: 'exec sleep 1000',
  'prints garbage': 'head -c 200 /dev/urandom | base64 | tee /dev/stderr',
  'prints nothing': 'exit 0',
};

let lab: Lab;
let router: Router;

/** Programs of the namespace's own, where one can be taken away; `real-ip` and others stay whole for the test itself. */
async function ownPrograms(): Promise<void> {
  await router.sh(`
    mkdir -p /run/own /run/real
    for folder in /usr/sbin /usr/bin; do
      mkdir -p /run/own$folder/upper /run/own$folder/work
      mount -t overlay overlay -o lowerdir=$folder,upperdir=/run/own$folder/upper,workdir=/run/own$folder/work $folder
    done
    for tool in ${TOOLS.join(' ')}; do
      path=$(command -v $tool); cp -L $path /run/real/$tool; echo $(readlink -f $path) >/run/real/$tool.path
    done`);
}

const shell = (script: string): Promise<string> => router.sh(`PATH=/run/real:$PATH; ${script}`);

async function breakAll(mode: string, tools: readonly string[] = TOOLS): Promise<void> {
  const text = MODES[mode];
  const put = text === undefined ? 'rm -f $at' : `rm -f $at; printf '%s\\n' '#!/bin/sh' '${text}' >$at; chmod 755 $at`;
  await shell(`for tool in ${tools.join(' ')}; do at=$(cat /run/real/$tool.path); ${put}; done`);
}

const mend = (): Promise<string> =>
  shell(`for tool in ${TOOLS.join(' ')}; do at=$(cat /run/real/$tool.path); rm -f $at; cp /run/real/$tool $at; done`);

const guards = async (): Promise<number> =>
  (await shell('ip rule')).split('\n').filter((line) => /^(1012|1013|1097|1098|1099):/.test(line)).length;

const apply = (): Promise<Executed> => router.wgospf(['apply'], { mayFail: true, timeout: 120 });

let complete: number;

beforeAll(async () => {
  ({ lab, router } = await makeLoneRouter());
  const text = await router.readFile('/etc/wgospf/state.yaml');
  await router.writeState(text.replace('mesh:\n', 'mesh:\n  firewall: nftables\n'));
  await ownPrograms();
  await router.wgospf(['apply', '--adopt']);
  complete = await guards();
});

afterAll(async () => {
  await lab.close();
});

describe('apply', () => {
  beforeAll(async () => {
    await shell('ip link del wg222');
  });

  test.each(Object.keys(MODES))('reports every program that %s, and installs the guards', async (mode) => {
    await shell('ip rule del pref 1098');
    await breakAll(mode);
    const { exitCode, stdout, stderr } = await apply();
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/program-(missing|broken)\W+bird/);
    expect(stdout).toMatch(/start wireguard-go wg222/);
    expect(await guards()).toBe(complete);
  });

  test('works again with mended programs, and check reports a bird that cannot be run', async () => {
    await mend();
    await router.wgospf(['apply']);
    await breakAll('exits with 127', ['bird']);
    const check = await router.wgospf(['check'], { mayFail: true });
    expect(check.stdout + check.stderr).toMatch(/program-broken\W+bird/);
    await mend();
  });
});

describe('the daemon', () => {
  let daemon: Daemon;
  beforeAll(async () => {
    daemon = await startDaemon(router);
  });
  afterAll(async () => {
    await daemon.stop();
  });

  test.each(Object.keys(MODES))('lives on and repairs while every program %s, and reacts to SIGHUP', async (mode) => {
    const from = daemon.lines().length;
    await breakAll(mode);
    process.kill(await daemon.pid(), 'SIGHUP');
    await shell('ip rule del pref 1098');
    await eventually(async () => expect(await guards()).toBe(complete));
    const reports = ({ event, ...rest }: { event: string }): boolean =>
      event === 'condition-raised' && /program-(missing|broken)/.test(JSON.stringify(rest));
    await daemon.logged(reports, from);
    await mend();
    const mended = daemon.lines().length;
    process.kill(await daemon.pid(), 'SIGHUP');
    await daemon.logged(
      ({ event, ...rest }) => event === 'condition-cleared' && /program-/.test(JSON.stringify(rest)),
      mended,
    );
  });

  test.each(TOOLS)('lives on and repairs while only %s cannot be run', async (tool) => {
    const from = daemon.lines().length;
    await breakAll('exits with 127', [tool]);
    process.kill(await daemon.pid(), 'SIGHUP');
    await shell('ip rule del pref 1098');
    await eventually(async () => expect(await guards()).toBe(complete));
    await daemon.logged(({ event, triggers }) => event === 'pass' && triggers?.includes('reload') === true, from);
    await mend();
  });

  test('reports a hanging wireguard-go as a condition of its tunnel, and ignores a foreign one', async () => {
    const from = daemon.lines().length;
    const about = (event: string) => (line: { event: string }) =>
      line.event === event && JSON.stringify(line).includes('wireguard-unreadable');
    await router.sh('wireguard-go other0; pkill -STOP -xf "wireguard-go (wg222|other0)"; ip rule del pref 1098');
    await eventually(async () => expect(await guards()).toBe(complete));
    await daemon.logged(about('condition-raised'), from);
    const { stdout } = await router.wgospf(['status'], { mayFail: true });
    expect(stdout).toMatch(/wireguard-unreadable wg222: .*pkill -KILL -xf 'wireguard-go wg222'/);
    expect(stdout).not.toContain('other0');
    await router.sh(`pkill -KILL -xf 'wireguard-go wg222'`); // the cure that it names
    await daemon.logged(about('condition-cleared'), from);
    await eventually(async () => {
      expect((await router.wgospf(['status'], { mayFail: true })).stdout).toMatch(/in sync/);
    });
    await router.sh('pkill -KILL -xf "wireguard-go other0"');
  });

  test('is not blocked by a control socket that answers nonsense, nothing, or never', async () => {
    await router.sh('pkill -x bird; rm -f /run/bird/bird.ctl');
    for (const answer of ['print "0001 ".("x" x 99)."\\n" x 9', '', 'sleep 1000']) {
      const from = daemon.lines().length;
      const fake = router.start('perl', [
        '-MIO::Socket::UNIX',
        '-e',
        `
        my $s = IO::Socket::UNIX->new(Local => "/run/bird/bird.ctl", Listen => 5) or die;
        while (my $c = $s->accept) { select $c; $| = 1; ${answer}; close $c }`,
      ]);
      await shell('ip rule del pref 1098');
      await eventually(async () => expect(await guards()).toBe(complete));
      await daemon.logged(({ event }) => event === 'pass', from);
      await fake.stop('SIGKILL');
      await router.sh('rm -f /run/bird/bird.ctl');
    }
    await router.startBird();
    await eventually(async () => {
      expect((await router.wgospf(['status'], { mayFail: true })).stdout).toMatch(/in sync/);
    });
    expect(daemon.lines().filter((line) => JSON.stringify(line).includes('INTERNAL'))).toEqual([]);
  });
});
