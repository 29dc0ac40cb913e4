// The table of reloads: each change, and what BIRD does on it. What a state file can say is an edit of router a's; the rest
// is done to bird.conf by hand. Cables: wga (cost 15, in use) and wgb (cost 20) to b, wgc to c.
import type { Impact } from '../../../src/engine/types.ts';
import type { BirdVersion } from '../lab/bird-versions.ts';
import { CABLES, same, type Edit } from './trio.ts';

/** How many of each kind. */
export type RouteEvents = Readonly<Partial<Record<'added' | 'deleted' | 'replaced', number>>>;

export interface Row {
  readonly name: string;
  readonly edit?: Edit;
  readonly hand?: (conf: string, dialect: 1 | 2) => string;
  /** begins with the change and ends without it */
  readonly undone?: boolean;
  /** b changes with it */
  readonly bothEnds?: boolean;
  readonly command?: string;
  /** BIRD's last code: 0003 reconfigured, 0004 in progress */
  readonly reply: string;
  /** as impact.ts grades it; none where no state file makes it */
  readonly grade?: Impact;
  /** cables whose neighbour is lost by it */
  readonly resets?: readonly string[];
  /** those of them that come back; all where nothing is said */
  readonly back?: readonly string[];
  /** cables whose neighbour is lost when its dead time is over */
  readonly lost?: readonly string[];
  /** the kernel's messages about the two routes to b's and c's network */
  readonly routes?: RouteEvents;
  /** in BIRD 1.6, where those are others */
  readonly routes16?: RouteEvents;
  /** there may be messages about connected networks too */
  readonly connected?: boolean;
  /** what must stand in BIRD's log before it is looked at */
  readonly until?: RegExp;
}

const link =
  (dev: string, from: string, to: string): Edit =>
  (state) =>
    state.replace(new RegExp(`(  ${dev}: .*)${from}`), `$1${to}`);
const onWgb = (word: string): Edit => link('wgb', 'type: ptp', `type: ptp, ${word}`);
const kernel =
  (from: string, to: string): Edit =>
  (state) =>
    state.replace(from, to);
const bird =
  (line: string): Edit =>
  (state) =>
    `${state}  ${line}\n`;
const inClause =
  (word: string) =>
  (conf: string): string =>
    conf.replace('interface "wgb" {\n\t\t\t', `interface "wgb" {\n\t\t\t${word};\n\t\t\t`);
const staticProtocol = (conf: string, dialect: 1 | 2): string =>
  `${conf}\nprotocol static more {\n${dialect === 1 ? '' : '\tipv4;\n'}\troute 192.0.2.0/24 unreachable;\n}\n`;
const withoutB = 'net = 10.69.2.0/24';
const exportFilter = (conf: string): string => conf.replace('accept;', `if ${withoutB} then reject; accept;`);

const originated = /Originating LSA/;
const all = CABLES;

/** Nothing at all happens to neighbours and to the kernel. */
const quiet: readonly Row[] = [
  { name: 'nothing', edit: same, reply: '0003', grade: 'none' },
  { name: 'a comment', hand: (conf) => `${conf}# a comment\n`, reply: '0003' },
  { name: 'a debug option', hand: (conf) => conf.replace('{ events }', '{ events, states }'), reply: '0003' },
  {
    name: 'cost, no path changes',
    edit: link('wgb', 'cost: 20', 'cost: 30'),
    reply: '0003',
    grade: 'none',
    until: originated,
  },
  { name: 'hello, both ends', edit: link('wgb', 'hello: 1', 'hello: 2'), bothEnds: true, reply: '0003', grade: 'none' },
  {
    name: 'authentication, both ends',
    edit: onWgb('authentication: {type: cryptographic, passwordFile: keys/wgb}'),
    bothEnds: true,
    reply: '0003',
    grade: 'none',
  },
  { name: 'neighbours', edit: onWgb('neighbors: [10.70.1.3]'), reply: '0003', grade: 'none' },
  { name: 'priority', edit: onWgb('priority: 5'), reply: '0003', grade: 'none' },
  { name: 'retransmit', edit: onWgb('retransmit: 3'), reply: '0003', grade: 'none' },
  { name: 'tx length', edit: onWgb('txLength: 1400'), reply: '0003', grade: 'none' },
  { name: 'a prefix to originate', edit: bird('ospf: {export: [10.69.200.0/24]}'), reply: '0003', grade: 'none' },
  { name: 'a protocol more', hand: staticProtocol, reply: '0003' },
  { name: 'a protocol less', hand: staticProtocol, undone: true, reply: '0004' },
  { name: 'the export filter, configure soft', hand: exportFilter, command: 'configure soft', reply: '0003' },
];

/** Neighbours are kept, the kernel hears of it. BIRD 1.6 replaces a route by a delete and an add, others that are to stay among them. */
const kept: readonly Row[] = [
  // direct4 restarts, and meanwhile OSPF's own copies of the connected networks are the best
  {
    name: 'a clause more',
    edit: (s) => s.replace('  wga:', '  new0: {address: 10.70.2.0/31}\n  wga:'),
    reply: '0004',
    grade: 'none',
    connected: true,
  },
  // both cables to b at 65535: two next hops
  {
    name: 'stub router',
    edit: bird('ospf: {stubRouter: true}'),
    reply: '0003',
    grade: 'none',
    routes: { replaced: 1 },
    routes16: { deleted: 2, added: 2 },
    until: originated,
  },
  {
    name: 'cost, a path changes',
    edit: link('wga', 'cost: 15', 'cost: 40'),
    reply: '0003',
    grade: 'none',
    routes: { replaced: 1 },
    routes16: { deleted: 1, added: 1 },
  },
  {
    name: 'the export filter',
    hand: exportFilter,
    reply: '0003',
    routes: { deleted: 1 },
    routes16: { deleted: 2, added: 1 },
  },
  {
    name: 'the import filter of OSPF',
    hand: (conf) => conf.replace('import all;', `import filter { if ${withoutB} then reject; accept; };`),
    reply: '0003',
    routes: { deleted: 1 },
  },
  { name: 'scan time', edit: kernel('scanTime: 10', 'scanTime: 20'), reply: '0004', grade: 'none' },
  { name: 'persist', edit: kernel('metric: 64', 'metric: 64, persist: false'), reply: '0003', grade: 'none' },
  {
    name: 'metric',
    edit: kernel('metric: 64', 'metric: 100'),
    reply: '0004',
    grade: 'none',
    routes: { added: 2 },
    routes16: {},
  },
  { name: 'table', edit: kernel('id: 2', 'id: 3'), reply: '0004', grade: 'traffic-gap', routes: { added: 2 } },
  { name: 'hello, one end', edit: link('wgb', 'hello: 1', 'hello: 2'), reply: '0003', grade: 'none', lost: ['wgb'] },
];

/** Neighbours are lost. */
const reset: readonly Row[] = [
  {
    name: 'a clause less',
    edit: (s) => s.replace(/ {2}wgb: .*\n/, ''),
    reply: '0004',
    grade: 'none',
    resets: ['wgb'],
    back: [],
    connected: true,
  },
  {
    name: 'type',
    edit: link('wgb', 'ptp', 'ptmp'),
    reply: '0003',
    grade: 'adjacency-reset',
    resets: ['wgb'],
    back: [],
    connected: true,
  },
  { name: 'stub', edit: onWgb('stub: true'), reply: '0003', grade: 'adjacency-reset', resets: ['wgb'], back: [] },
  {
    name: 'ttl security',
    edit: onWgb('ttlSecurity: true'),
    reply: '0003',
    grade: 'adjacency-reset',
    resets: ['wgb'],
    back: [],
  },
  { name: 'real broadcast', hand: inClause('real broadcast yes'), reply: '0003', resets: ['wgb'], back: [] },
  { name: 'tx priority', hand: inClause('tx priority 5'), reply: '0003', resets: ['wgb'] },
  {
    name: 'router id',
    edit: (s) => s.replace('id: 10.69.1.1', 'id: 10.69.9.1'),
    reply: '0004',
    grade: 'adjacency-reset',
    resets: all,
    routes: { deleted: 2, added: 2 },
  },
  {
    name: 'a second area',
    edit: onWgb('area: 1'),
    reply: '0004',
    grade: 'adjacency-reset',
    resets: all,
    back: ['wga', 'wgc'],
    routes: { deleted: 2, added: 2 },
  },
  {
    name: 'area',
    edit: bird('ospf: {area: 1}'),
    reply: '0003',
    grade: 'adjacency-reset',
    resets: all,
    back: [],
    routes: { deleted: 2 },
  },
  {
    name: 'rfc1583compat',
    hand: (conf) => conf.replace('\tarea 0 {', '\trfc1583compat yes;\n\tarea 0 {'),
    reply: '0004',
    resets: all,
    routes: { deleted: 2, added: 2 },
  },
  {
    name: 'another name',
    hand: (conf) => conf.replaceAll('mesh4', 'other4'),
    reply: '0004',
    resets: all,
    routes: { deleted: 2, added: 2 },
  },
];

export const rows: readonly Row[] = [...quiet, ...kept, ...reset];

export const routesOf = ({ routes = {}, routes16 }: Row, { major }: BirdVersion): RouteEvents =>
  major === 1 ? (routes16 ?? routes) : routes;
