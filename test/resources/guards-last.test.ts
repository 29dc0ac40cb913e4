// Guards are removed last: if something before them could not be undone they stay, and the next `down` removes them.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import { resources } from '../../src/resources/index.ts';
import { convergedRouter } from '../daemon/monitor/sample.ts';
import type { FakeHost } from '../fakes/fake-host.ts';
import { hostError } from '../fakes/fake-state.ts';
import type { FakeCall } from '../fakes/instrument.ts';

const guards = async (host: FakeHost): Promise<number[]> => [
  ...new Set((await host.rtnl.rules()).map(({ priority }) => priority).filter((p) => p >= 1097 && p <= 1099)),
];

/** The guard of each named interface. */
const ofInterfaces = async (host: FakeHost): Promise<string[]> =>
  (await host.rtnl.rules()).filter(({ family, priority }) => family === 4 && priority === 1099).map(({ iif }) => iif);

async function downWhile(host: FakeHost, fails: (call: FakeCall) => boolean): Promise<() => Promise<Report>> {
  let broken = true;
  host.onCall((call) => {
    if (broken && call.write && fails(call)) throw hostError(call.name, 'EIO');
  });
  await reconcile(host, resources, undefined, { adopt: false });
  broken = false;
  return () => reconcile(host, resources, undefined, { adopt: false });
}

test.each<[string, (call: FakeCall) => boolean, string[]]>([
  [
    'forwarding could not be switched off',
    ({ name, args }) => name === 'sysctl.write' && args[0] === 'net.ipv4.ip_forward',
    ['dummy0', 'eth1', 'wg222'],
  ],
  ['an address could not be taken away', ({ name }) => name === 'rtnl.deleteAddress', ['eth1']],
  ['a tunnel could not be deleted', ({ name, args }) => name === 'rtnl.deleteLink' && args[0] === 'wg222', ['wg222']],
])('if %s, the guards stay until it succeeds', async (_what, fails, interfaces) => {
  const { host } = await convergedRouter();
  const again = await downWhile(host, fails);
  expect(await guards(host)).toEqual([1097, 1098, 1099]);
  expect((await ofInterfaces(host)).toSorted()).toEqual(interfaces);
  expect((await again()).remaining).toEqual([]);
  expect(await guards(host)).toEqual([]);
});
