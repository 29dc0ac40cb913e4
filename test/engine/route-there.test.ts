// A listing may lack existing routes while others come and go: creating such a route fails with EEXIST, which is not a failure.
import { expect, test } from 'vitest';
import type { Host, RouteInfo } from '../../src/host/types.ts';
import { route } from '../../src/resources/route/index.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

const spec: RouteInfo = {
  ...{ table: 2, type: 'unicast', dst: { family: 6, address: 'fd00:89::', length: 127 }, metric: 1024, protocol: 87 },
  ...{ dev: 'wg1', via: undefined },
};

const made = async (...lines: string[]): Promise<Host> => {
  const host = createFakeHost();
  host.run(['ip link add wg1 type dummy', 'ip link add wg2 type dummy'].join('\n'));
  host.run(['ip link set wg1 up', 'ip link set wg2 up', ...lines].join('\n'));
  await route.apply({ do: 'add', spec }, host).catch(() => undefined);
  return host;
};

test('an existing route of ours is no failure', async () => {
  await expect(route.apply({ do: 'add', spec }, await made())).resolves.toBeUndefined();
});

test.for([
  ['by another', 'ip -6 route add fd00:89::/127 dev wg1 table 2 proto static'],
  ['over another link', 'ip -6 route add fd00:89::/127 dev wg2 table 2 proto 87'],
])('a route in the way, %s, is a failure', async ([, line = '']) => {
  const host = await made(line);
  await expect(route.apply({ do: 'add', spec }, host)).rejects.toMatchObject({ code: 'EEXIST' });
});
