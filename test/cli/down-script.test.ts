// `wgospf down --print-script`: who may have it, and what it holds. test/netns/down-script.test.ts runs it.
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { fakeContext } from './fake-context.ts';

test('it changes nothing, takes no lock, and is for root', async () => {
  const no = () => Promise.reject(new Error('no'));
  const ctx = fakeContext({ reconcile: no, takeLock: no });
  expect(await run(['down', '--print-script'], ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/^#!\/bin\/sh\n/);
  const user = fakeContext({ root: false });
  expect(await run(['down', '--print-script'], user)).toBe(4);
  expect(user.stderr()).toContain('try: sudo wgospf down --print-script');
});

test('each command behind the question whether what it takes away is still ours', async () => {
  const host = createFakeHost();
  const operation = { needs: [], impact: 'none', payload: {}, action: 'delete' } as const;
  const spec = { type: 'unreachable', dst: { family: 4, address: '0.0.0.0', length: 0 }, metric: 4294967295, table: 7 };
  const operations = [
    {
      ...operation,
      kind: 'bird',
      key: '/b.conf',
      stage: 'bird-configure',
      command: 'mv /a /b.conf && birdc configure',
    },
    { ...operation, kind: 'link', key: 'wg1', stage: 'link-remove', command: 'ip link delete dev wg1' },
    {
      ...operation,
      kind: 'link',
      key: 'eth1',
      stage: 'link-remove',
      action: 'update',
      command: 'ip link set dev eth1 down',
    },
    { ...operation, kind: 'sysctl', key: 'a', stage: 'sysctl-restore', command: 'sysctl -w a=1  # as it was before' },
    { ...operation, kind: 'route', key: 'r', stage: 'guard-remove', command: 'ip route del G', payload: { spec } },
    { ...operation, kind: 'name-file', key: '/n.conf', stage: 'file-remove', command: 'rm /n.conf' },
  ] as const;
  const plan = { generation: 'down', operations, waiting: [], foreign: [], conditions: [] };
  const ctx = fakeContext({ host: () => host, makePlan: () => Promise.resolve(plan) });
  await run(['down', '--print-script'], ctx);
  const body = ctx.stdout().split('take_down() {')[1]?.split('\ntake_down >')[0];
  expect(body).toBe(`
  our_file /b.conf && mv /a /b.conf && birdc configure
  [ "$(cat /b.conf)" = 'protocol device {}' ] && rm /b.conf
  our_link wg1 && ip link delete dev wg1
  same_boot && ip link set dev eth1 down
  same_boot && sysctl -w a=1  # as it was before
  our_file /n.conf && rm /n.conf
  :
}

# guards last, and not while a link of ours could still leak
take_guards_down() {
  same_boot && ip -4 route flush table 7 proto bird
  same_boot && ip route del G
  :
}
`);
});
