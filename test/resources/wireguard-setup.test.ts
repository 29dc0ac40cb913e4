// How new tunnels get their configuration: from the wg tool if they are few, by netlink if they are many.
import { expect, test } from 'vitest';
import type { Change } from '../../src/engine/types.ts';
import { planWireguard } from '../../src/resources/wireguard/plan.ts';
import type { WireguardField, WireguardSpec } from '../../src/resources/wireguard/spec.ts';

const source = { file: 'state.yaml', line: 1, col: 1, path: 'tunnels' };

const spec = (dev: string, setup: WireguardSpec['setup']): WireguardSpec => ({
  ...{ dev, setup, place: '', privateKeyFile: `/k/${dev}`, listenPort: 51825, peers: ['K'], presharedKeyFile: '' },
  ...{ endpoint: '', setEndpoint: '', persistentKeepalive: 0, allowedIPs: [], meshPrefixes: [] },
});

/** How each of `count` new tunnels, beside ten that change, is configured, and the printed commands. */
function planned(count: number, setup: WireguardSpec['setup']): { ways: string[]; commands: string[] } {
  const made = Array.from({ length: count }, (_, i): Change<WireguardSpec, WireguardField> => {
    return { type: 'create', desired: { spec: spec(`wg${i}`, setup), source } };
  });
  const changed = Array.from({ length: 10 }, (_, i): Change<WireguardSpec, WireguardField> => {
    const desired = { spec: { ...spec(`wx${i}`, setup), listenPort: 2 }, source };
    return { type: 'update', desired, observed: { spec: spec(`wx${i}`, setup), owned: true }, fields: ['listenPort'] };
  });
  const all = [...made, ...changed];
  const operations = made.flatMap((change) => planWireguard(change, all));
  return {
    ways: operations.map(({ payload }) => (payload.do === 'setconf' ? payload.by : payload.do)),
    commands: operations.map(({ command }) => command.split(' ').slice(0, 2).join(' ')),
  };
}

test.each([
  [16, 'auto', 'wg'],
  [17, 'auto', 'netlink'],
  [1, 'netlink', 'netlink'],
  [17, 'wg', 'wg'],
] as const)(
  '%i new tunnels with setup: %s are configured by %s, and the printed command is the same',
  (count, setup, way) => {
    const { ways, commands } = planned(count, setup);
    expect(ways).toEqual(Array.from({ length: count }, () => way));
    expect(new Set(commands)).toEqual(new Set(['wg setconf']));
  },
);
