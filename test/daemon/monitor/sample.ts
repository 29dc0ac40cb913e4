// A converged fake router with a tunnel, a dummy and a local interface, for tests that damage it.
import { reconcile } from '../../../src/engine/reconcile.ts';
import type { RouterModel } from '../../../src/model/types.ts';
import { resources } from '../../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../../fakes/fake-host.ts';
import { readState } from '../../fakes/read-state.ts';

export const STATE = `version: 1
router: {node: 111, instance: 2}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
interfaces:
  dummy0: {kind: dummy, address: 10.69.200.1/32, ospf: {stub: true}}
  eth1: {address: 10.69.1.11/24}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    privateKeyFile: keys/wg222.key
    peer: {publicKey: Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=, endpoint: "198.51.100.22:51825"}
    ospf: {cost: 15}
`;

export interface Sample {
  readonly host: FakeHost;
  readonly model: RouterModel;
}

export interface SampleOptions {
  /** default true; false: eth1 does not exist yet */
  readonly eth1?: boolean;
  readonly kernelWireguard?: boolean;
}

export async function convergedRouter({ eth1 = true, kernelWireguard = true }: SampleOptions = {}): Promise<Sample> {
  const host = createFakeHost({ kernelWireguard });
  host.run(
    'ip link add eth0 type veth peer name port0\nip address add 198.51.100.11/24 dev eth0\nip link set dev eth0 up',
  );
  if (eth1) host.run('ip link add eth1 type veth peer name port1');
  const model = readState(STATE, host.env);
  const report = await reconcile(host, resources, model, { adopt: false });
  if (!report.inSync) throw new Error('the sample does not converge');
  return { host, model };
}
