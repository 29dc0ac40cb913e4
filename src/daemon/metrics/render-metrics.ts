// Facts in Prometheus' text format. The names beginning with `wireguard_` are those of prometheus_wireguard_exporter, so that
// existing dashboards work. No key material except public keys.
import { Counter, Gauge, Registry } from 'prom-client';
import type { TunnelStatus } from '../../status/types.ts';
import type { MetricsFacts } from './types.ts';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly Sample[];
}

const one = (value: number): Sample => ({ labels: {}, value });
const flag = (value: boolean): Sample => one(Number(value));
const by = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([key, value]) => ({ labels: { [label]: key }, value }));

const peerLabels = ({ name, peerKey, allowedIPs }: TunnelStatus): Labels => ({
  interface: name,
  public_key: peerKey,
  allowed_ips: allowedIPs.toSorted().join(','),
  friendly_name: name,
});

function wireguard({ status: { tunnels } }: MetricsFacts): Metric[] {
  const there = tunnels.filter(({ link }) => link !== 'absent');
  const of = (value: (tunnel: TunnelStatus) => number): Sample[] =>
    there.map((tunnel) => ({ labels: peerLabels(tunnel), value: value(tunnel) }));
  return [
    {
      ...{ name: 'wireguard_sent_bytes_total', type: 'counter', help: 'Bytes sent to the peer' },
      samples: of(({ txBytes }) => txBytes),
    },
    {
      ...{ name: 'wireguard_received_bytes_total', type: 'counter', help: 'Bytes received from the peer' },
      samples: of(({ rxBytes }) => rxBytes),
    },
    {
      ...{ name: 'wireguard_latest_handshake_seconds', type: 'gauge' },
      help: 'Time of the last handshake in seconds since the epoch, 0 for never',
      samples: of(({ latestHandshake }) => latestHandshake),
    },
  ];
}

const TUNNEL_STATES = ['up', 'idle', 'down'] as const;

function router({ status }: MetricsFacts): Metric[] {
  const { tunnels, adjacencies, pending, inSync } = status;
  const severities = Map.groupBy(status.conditions, ({ code, severity }) => JSON.stringify({ code, severity }));
  return [
    {
      ...{ name: 'wgospf_in_sync', type: 'gauge', help: 'Whether the router is as the state in force says' },
      samples: inSync === undefined ? [] : [flag(inSync)],
    },
    {
      ...{ name: 'wgospf_pending_operations', type: 'gauge', help: 'Operations that an apply would do' },
      samples: pending === undefined ? [] : [one(pending)],
    },
    {
      ...{ name: 'wgospf_conditions', type: 'gauge', help: 'Conditions that stand, see docs/operations.md' },
      samples: [...severities].map(([labels, { length }]) => ({ labels: JSON.parse(labels) as Labels, value: length })),
    },
    {
      ...{
        name: 'wgospf_tunnel_state',
        type: 'gauge',
        help: '1 for the state that the tunnel is in, 0 for the others',
      },
      samples: tunnels.flatMap(({ name, state }) =>
        TUNNEL_STATES.map((each) => ({ labels: { tunnel: name, state: each }, value: Number(each === state) })),
      ),
    },
    {
      ...{ name: 'wgospf_ospf_neighbor_state', type: 'gauge', help: '1 with the state of each OSPF neighbour' },
      samples: adjacencies.map(({ interface: dev, address = '', routerId = '', state }) => ({
        labels: { interface: dev, address, router_id: routerId, state },
        value: 1,
      })),
    },
  ];
}

const leaks = ({ leaks: found }: MetricsFacts): Metric[] => [
  {
    ...{ name: 'wgospf_leak_paths', type: 'gauge' },
    help: 'Paths between mesh and underlay that the kernel would let a packet take, by where it comes from',
    samples: found === undefined ? [] : by('origin', found.crossing),
  },
  {
    ...{ name: 'wgospf_leak_check_paths', type: 'gauge', help: 'Paths that the leak check asked the kernel for' },
    samples: found === undefined ? [] : [one(found.asked)],
  },
];

function life({ daemon }: MetricsFacts): Metric[] {
  if (daemon === undefined) return [];
  const { passes, lastSuccess, repairs } = daemon.counters;
  return [
    {
      ...{
        name: 'wgospf_reconcile_total',
        type: 'counter',
        help: 'Passes since the daemon started, by how they ended',
      },
      samples: by('result', passes),
    },
    {
      ...{ name: 'wgospf_last_success_timestamp_seconds', type: 'gauge' },
      help: 'Time at which a pass last ended in sync, in seconds since the epoch',
      samples: lastSuccess === undefined ? [] : [one(lastSuccess)],
    },
    {
      ...{ name: 'wgospf_drift_repairs_total', type: 'counter' },
      help: 'What others undid and was put back since the daemon started, by kind of object',
      samples: by('kind', repairs),
    },
    {
      ...{ name: 'wgospf_config_valid', type: 'gauge', help: 'Whether the state file has no errors' },
      samples: [flag(daemon.state.badState.length === 0)],
    },
  ];
}

const buildInfo = ({ version }: MetricsFacts): Metric => ({
  ...{ name: 'wgospf_build_info', type: 'gauge', help: '1, with the version of wgospf' },
  samples: [{ labels: { version }, value: 1 }],
});

function register({ name, help, type, samples }: Metric, registry: Registry): void {
  const labelNames = Object.keys(samples[0]?.labels ?? {});
  const options = { name, help, labelNames, registers: [registry] };
  if (type === 'counter') {
    const counter = new Counter(options);
    for (const { labels, value } of samples) counter.inc(labels, value);
  } else {
    const gauge = new Gauge(options);
    for (const { labels, value } of samples) gauge.set(labels, value);
  }
}

/** Leaves out metrics whose values are unknown. */
export async function renderMetrics(facts: MetricsFacts): Promise<string> {
  const registry = new Registry();
  const all = [buildInfo(facts), ...router(facts), ...leaks(facts), ...life(facts), ...wireguard(facts)];
  for (const metric of all.filter(({ samples }) => samples.length > 0)) register(metric, registry);
  return registry.metrics();
}
