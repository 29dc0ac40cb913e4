// Two routers that prove to each other that they know a password, from state files only; and no output contains it.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectFull } from './lab/expect-mesh.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
beforeEach(async () => void (lab = await makeLab()));
afterEach(() => lab.close());

const PASSWORD = 'nobody-shall-read-this';

const state = (n: 1 | 2, far: Router, key: string): string => `version: 1
router: {id: 10.69.${n}.1}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
tunnels:
  wgx:
    address: 10.70.89.${n - 1}/31
    listenPort: 51825
    peer: {publicKey: ${key}, endpoint: '${far.underlay}:51825'}
    ospf: {hello: 1, dead: 4, authentication: {passwordFile: keys/wgx.ospf}}
`;

const COMMANDS = [
  ['check', '--json'],
  ['show', '--resolved'],
  ['status', '--json'],
  ['plan', '--json'],
] as const;

test('OSPF reaches Full with a password that no output contains', async () => {
  const [a, b] = [await lab.router('a'), await lab.router('b')];
  const [keyA, keyB] = [await a.makeKey('keys/wgx.key'), await b.makeKey('keys/wgx.key')];
  const outputs: string[] = [];
  for (const [router, text] of [
    [a, state(1, b, keyB)],
    [b, state(2, a, keyA)],
  ] as const) {
    await router.writeFile('/etc/wgospf/keys/wgx.ospf', `${PASSWORD}\n`, 0o600);
    await router.writeState(text);
    await router.startBird();
    const { stdout, stderr } = await router.wgospf(['apply', '--adopt', '--json'], { mayFail: true });
    outputs.push(stdout, stderr);
  }
  await expectFull(a, { wgx: '10.69.2.1' });
  await expectFull(b, { wgx: '10.69.1.1' });

  for (const command of COMMANDS) {
    const { stdout, stderr } = await a.wgospf(command, { mayFail: true });
    outputs.push(stdout, stderr);
  }
  expect(outputs.join('').length).toBeGreaterThan(1000);
  expect(outputs.join('')).not.toContain(PASSWORD);
  const holders = await a.sh(`grep -rls ${PASSWORD} /etc /run/wgospf /var/lib/wgospf || true`);
  expect(holders.trim().split('\n').sort()).toEqual([
    '/etc/wgospf/keys/wgx.ospf',
    '/var/lib/wgospf/bird/etc/bird/bird.conf.secrets',
  ]);
  expect(await a.sh('stat -c %a:%U:%G /var/lib/wgospf/bird/etc/bird/bird.conf.secrets')).toBe('640:root:bird\n');
  expect(await a.birdc('eval wgospf_secrets')).toMatch(/[0-9a-f]{16}/);
});
