// A Status as the tables that `wgospf status` prints.
import { formatCondition } from './notices.ts';
import type { Style } from '../style.ts';
import { formatTable } from '../table.ts';
import { formatAge, formatBytes } from '../../net/units.ts';
import { statusSummary } from '../../status/summary.ts';
import type { AdjacencyStatus, InterfaceStatus, LinkState, Status, TunnelStatus } from '../../status/types.ts';

const linkCell = (link: LinkState, style: Style): string => (link === 'up' ? style.good(link) : style.bad(link));
const ospfCell = (state: string, style: Style): string =>
  state === 'Full' || state === 'stub' ? style.good(state) : style.warn(state);

function endpointCell(t: TunnelStatus): string {
  if (t.endpoint !== '') return t.endpoint;
  return t.configuredEndpoint === undefined ? '(listening)' : `${t.configuredEndpoint} (not set)`;
}

function tunnelTable(tunnels: readonly TunnelStatus[], style: Style): string[] {
  const columns = [
    { title: 'TUNNEL' },
    { title: 'ENDPOINT' },
    { title: 'ADDRESS' },
    { title: 'LINK' },
    { title: 'HANDSHAKE', align: 'right' },
    { title: 'RECEIVED', align: 'right' },
    { title: 'SENT', align: 'right' },
    { title: 'OSPF' },
    { title: 'COST', align: 'right' },
  ] as const;
  const paint = { up: style.good, idle: style.faint, down: style.bad };
  const rows = tunnels.map((t) => [
    paint[t.state](t.name),
    endpointCell(t),
    t.addresses.join(' '),
    linkCell(t.link, style),
    t.handshakeAge === undefined ? (t.latestHandshake === 0 ? 'never' : 'unknown') : `${formatAge(t.handshakeAge)} ago`,
    formatBytes(t.rxBytes),
    formatBytes(t.txBytes),
    t.ospf === undefined ? '-' : ospfCell(t.ospf.state, style),
    String(t.ospf?.cost ?? '-'),
  ]);
  return formatTable(columns, rows);
}

function adjacencyTable(adjacencies: readonly AdjacencyStatus[], style: Style): string[] {
  const columns = [
    { title: 'ROUTER ID' },
    { title: 'ADDRESS' },
    { title: 'INTERFACE' },
    { title: 'STATE' },
    { title: 'DEAD TIMER', align: 'right' },
  ] as const;
  const rows = adjacencies.map((a) => [
    a.routerId ?? '-',
    a.address ?? '-',
    a.interface,
    (a.reason === undefined ? style.good : style.warn)(a.role === '' ? a.state : `${a.state}/${a.role}`),
    a.deadTimer === undefined ? '-' : `${a.deadTimer.toFixed(1)} s`,
  ]);
  return formatTable(columns, rows);
}

function interfaceTable(interfaces: readonly InterfaceStatus[], style: Style): string[] {
  const columns = [
    { title: 'INTERFACE' },
    { title: 'ADDRESS' },
    { title: 'LINK' },
    { title: 'OSPF' },
    { title: 'COST', align: 'right' },
  ] as const;
  const rows = interfaces.map((i) => [
    i.name,
    i.addresses.join(' '),
    linkCell(i.link, style),
    i.ospf === undefined ? '-' : i.ospf.stub ? 'stub' : i.ospf.type,
    i.ospf === undefined ? '-' : String(i.ospf.cost),
  ]);
  return formatTable(columns, rows);
}

function routeLine(s: Status): string {
  if (s.table === undefined) return 'routes: no mesh table known';
  const name = s.table.name === String(s.table.id) ? s.table.name : `${s.table.name} (${s.table.id})`;
  const counts = s.routes.map((r) => `${r.count} ${r.protocol}`).join(', ');
  return `routes in table ${name}: ${counts === '' ? 'none' : counts}`;
}

const reasons = (s: Status, style: Style): string[] => [
  ...s.tunnels.filter((t) => t.reason !== undefined).map((t) => `${style.bad('tunnel')} ${t.name}: ${t.reason ?? ''}`),
  ...s.interfaces
    .filter((i) => i.reason !== undefined)
    .map((i) => `${style.warn('interface')} ${i.name}: ${i.reason ?? ''}`),
  ...(s.birdProblem === undefined || s.conditions.some((c) => c.code === 'bird-down')
    ? []
    : [`${style.bad('bird')}: ${s.birdProblem}`]),
  ...s.adjacencies
    .filter((a) => a.reason !== undefined && a.reason !== s.birdProblem)
    .map(
      (a) =>
        `${style.bad('adjacency')} ${a.interface}${a.address === undefined ? '' : ` ${a.address}`}: ${a.reason ?? ''}`,
    ),
];

export function formatStatus(s: Status, style: Style): string {
  const blocks = [
    [style.heading(statusSummary(s))],
    s.tunnels.length === 0 ? [] : tunnelTable(s.tunnels, style),
    s.adjacencies.length === 0 ? [] : adjacencyTable(s.adjacencies, style),
    s.interfaces.length === 0 ? [] : interfaceTable(s.interfaces, style),
    [routeLine(s)],
    reasons(s, style),
    s.conditions.map((c) => formatCondition(c, style)),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}
