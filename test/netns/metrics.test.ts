// `wgospf metrics` of the built program: from the host alone, and from the daemon's socket as a scraper reads it.
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon } from './lab/daemon.ts';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import type { Router } from './lab/router.ts';

let lone: LoneRouter;
let router: Router;

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  await router.wgospf(['apply', '--adopt']);
});
afterAll(() => lone.lab.close());

const metrics = async (): Promise<string> => (await router.wgospf(['metrics'])).stdout;

test('without a daemon the metrics are read from the host', async () => {
  const text = await metrics();
  expect(text).toMatch(/^wgospf_in_sync 1$/m);
  expect(text).toMatch(/^wgospf_leak_paths\{origin="wg222"\} 0$/m);
  expect(text).toMatch(
    /^wireguard_sent_bytes_total\{interface="wg222",public_key="[^"]{44}",allowed_ips="0.0.0.0\/0,::\/0"/m,
  );
  expect(text).not.toContain('wgospf_reconcile_total');
  const privateKey = (await router.readFile('/etc/wgospf/keys/wg222.key')).trim();
  expect(text).not.toContain(privateKey);
});

test('the daemon counts its passes, and answers in the format of scrapers', async () => {
  const daemon = await startDaemon(router);
  await router.sh('ip rule del priority 1100 protocol 87');
  await daemon.logged(({ event }) => event === 'repaired');
  expect(await metrics()).toMatch(/^wgospf_drift_repairs_total\{kind="rule"\} 1$/m);
  const answer = await router.sh(`perl -MIO::Socket::UNIX -e '
    my $s = IO::Socket::UNIX->new(Peer => "/run/wgospf/control.sock") or die $!;
    print $s "GET /metrics HTTP/1.0\\r\\n\\r\\n"; print <$s>'`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-type: text\/plain; version=0\.0\.4; charset=utf-8\r\n/i);
  const lines = answer.slice(answer.indexOf('\r\n\r\n') + 4).split('\n');
  expect(lines.filter((line) => !/^(#.*|[a-z_]+(\{([a-z_]+="[^"]*",?)+\})? [-0-9.e+]+|)$/.test(line))).toEqual([]);
  expect(lines).toContainEqual(expect.stringMatching(/^wgospf_reconcile_total\{result="in-sync"\} [1-9]/));
  await daemon.stop();
});

test('a daemon whose files an upgrade removed repairs, reads an edited state file and answers', async () => {
  await router.sh(`cp -r ${dirname((await router.built()).program)} /run/program`);
  const daemon = await startDaemon(router, '/run/program/wgospf.mjs');
  await router.sh('rm -r /run/program; ip rule del priority 1100 protocol 87');
  await daemon.logged(({ event }) => event === 'repaired');
  expect(await metrics()).toMatch(/^wgospf_drift_repairs_total\{kind="rule"\} 1$/m);
  await router.writeState(`${await router.readFile('/etc/wgospf/state.yaml')}# edited\n`);
  expect((await router.wgospf(['reload'])).stdout).toContain('in sync');
  expect((await router.wgospf(['status', '--json'], { mayFail: true })).stdout).toContain('"daemon": {');
  await daemon.stop();
});
