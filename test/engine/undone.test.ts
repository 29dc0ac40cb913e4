// Damage to our work during a pass: wireguard-go ends itself if its netlink socket overflows, which the burst of
// a hub's first apply can cause (docs/facts.md).
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { HostError } from '../../src/host/error.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const text = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.70.0.0/16]}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    peer: {publicKey: Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=}
`;

/** Its addresses cannot be added; the first try also deletes the link. */
function dying(host: FakeHost, times: number): FakeHost {
  let tries = 0;
  return {
    ...host,
    rtnl: {
      ...host.rtnl,
      addAddress: async (address) => {
        tries += 1;
        if (tries > times) return host.rtnl.addAddress(address);
        if (tries === 1) host.run(`ip link del ${address.dev}`);
        throw new HostError({ operation: 'add address', code: 'ENODEV', detail: 'there is no such device' });
      },
    },
  };
}

test('a link that vanished during the pass is made again in the same pass, and the failure is reported', async () => {
  const host = dying(createFakeHost({ kernelWireguard: false }), 1);
  const report = await reconcile(host, resources, readState(text, host.env), { adopt: false });
  expect(report.inSync).toBe(true);
  const of = (status: string) => report.results.filter(({ outcome }) => outcome.status === status);
  expect(of('failed').map(({ operation }) => operation.command)).toContain('ip address add 10.70.89.0/31 dev wg222');
  expect(of('done').filter(({ operation }) => operation.stage === 'link-create')).toHaveLength(2);
});

test('a failed operation without an undone object is left to the next pass', async () => {
  const host = createFakeHost({ kernelWireguard: false });
  host.failNext('rtnl.addAddress', 'EPERM');
  const report = await reconcile(host, resources, readState(text, host.env), { adopt: false });
  expect(report.inSync).toBe(false);
  expect(report.results.filter(({ outcome }) => outcome.status === 'failed')).toHaveLength(1);
});
