// First aid repairs what the kernel reported without starting a program, and nothing that needs the whole picture.
import { expect, it } from 'vitest';
import { firstAid } from '../../src/daemon/first-aid.ts';
import type { Trigger } from '../../src/daemon/types.ts';
import type { Result } from '../../src/engine/types.ts';
import { takeSnapshot } from '../../src/host/snapshot.ts';
import { resources } from '../../src/resources/index.ts';
import { convergedRouter } from './monitor/sample.ts';

const DRIFT: Trigger = { reason: 'drift', at: 0, drift: { ref: 'link:wg222', undone: 'changed', at: 0 } };

async function aid(text: string, triggers: readonly Trigger[] = [DRIFT]): Promise<{ done: string[]; calls: string[] }> {
  const { host, model } = await convergedRouter();
  host.run(text);
  const from = host.calls.length;
  const results: Result[] = [];
  const given = await firstAid({
    ...{ host, snapshot: takeSnapshot(host), resources, model, triggers },
    onResult: (result) => results.push(result),
  });
  expect(given).toEqual(results);
  return {
    done: given.map(({ operation, outcome }) => `${operation.command}: ${outcome.status}`),
    calls: host.calls.slice(from).map(({ name }) => name),
  };
}

it('first aid puts back an address, its routes, rules and settings', async () => {
  const { done, calls } = await aid(
    'ip address del 10.70.89.0/31 dev wg222\nip rule del priority 1099 iif wg222 unreachable protocol 87\nsysctl -w net.ipv4.ip_forward=0',
  );
  expect(done).toEqual([
    'ip rule add priority 1099 iif wg222 unreachable protocol 87: done',
    'ip address add 10.70.89.0/31 dev wg222: done',
    'sysctl -w net.ipv4.ip_forward=1: done',
    'ip route add 10.70.89.0/31 dev wg222 table 2 proto 87: done',
  ]);
  expect(calls).not.toContain('wg.devices');
  expect(calls.filter((name) => name.startsWith('bird.'))).toEqual([]);
});

it('first aid withdraws the lookups of a name that a foreign link has taken, whatever else is to do', async () => {
  const { done } = await aid('ip link del wg222\nip link add wg222 type veth\nip link set wg222 up');
  expect(done).toEqual([
    'ip rule del priority 1031 iif wg222 lookup 2 protocol 87: done',
    'ip -6 rule del priority 1031 iif wg222 lookup 2 protocol 87: done',
  ]);
});

it('first aid sets a link up again', async () => {
  const { done } = await aid('ip link set dev wg222 down');
  expect(done[0]).toBe('ip link set dev wg222 up: done');
});

it.each([
  ['a link that must be made, because it needs its configuration first', 'ip link del wg222', [DRIFT]],
  ['an object that must be deleted', 'ip rule add priority 900 to 192.0.2.0/24 unreachable protocol 87', [DRIFT]],
  ['a pass that is due for other reasons', 'ip link set dev wg222 down', [DRIFT, { reason: 'file', at: 0 }]],
] as const)('first aid leaves alone: %s', async (_, text, triggers) => {
  expect((await aid(text, triggers)).done).toEqual([]);
});
