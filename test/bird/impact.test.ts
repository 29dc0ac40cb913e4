// The graded change of a bird.conf. test/netns/bird-impact.test.ts shows BIRD's real behaviour.
import { expect, test } from 'vitest';
import { gradeChange, resetsOf } from '../../src/resources/bird/impact.ts';
import { abandonedPlaces } from '../../src/resources/bird/kernel-place.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { changedSections, readSections, type Sections } from '../../src/resources/bird/sections.ts';
import type { OspfInterface, RouterModel } from '../../src/model/types.ts';
import { area, instance, local, node111, originating, ospf, tunnel } from './models.ts';

const wg222 = (change: Partial<OspfInterface>): RouterModel =>
  node111({ tunnels: [tunnel('wg222', '10.70.89.0/31', ospf({ neighbors: ['10.70.89.1'], ...change }))] });
const more = node111({ tunnels: [...node111().tunnels, tunnel('wg333', '10.70.90.0/31', ospf())] });
const volatile = (scanTime: number): RouterModel => node111({ bird: { persist: false, scanTime } });

test.for([
  ['nothing', node111(), node111(), 'none', []],
  ['cost', node111(), wg222({ cost: 40 }), 'none', ['mesh4 interface wg222']],
  ['hello and dead', node111(), wg222({ hello: 2, dead: 8 }), 'none', ['mesh4 interface wg222']],
  ['neighbours', node111(), wg222({ neighbors: [] }), 'none', ['mesh4 interface wg222']],
  ['type', node111(), wg222({ type: 'ptp' }), 'adjacency-reset', ['mesh4 interface wg222']],
  ['stub', node111(), wg222({ stub: true }), 'adjacency-reset', ['mesh4 interface wg222']],
  ['new tunnel', node111(), more, 'none', ['direct4', 'mesh4 interface wg333']],
  ['tunnel gone', more, node111(), 'none', ['direct4', 'mesh4 interface wg333']],
  ['router id', node111(), node111({ routerId: '10.69.1.12' }), 'adjacency-reset', ['router id']],
  [
    'area',
    node111(),
    node111({ bird: { instances: [instance({ area: '1', areas: [area('1')] })] } }),
    'adjacency-reset',
    ['mesh4 area 0', 'mesh4 area 1', 'mesh4 interface eth1', 'mesh4 interface wg222'],
  ],
  ['export', node111(), node111({ bird: originating('10.69.0.0/16') }), 'none', ['mesh4', 'originate4']],
  ['table', node111(), node111({ table: { name: 'm', id: 3 } }), 'traffic-gap', ['kernel4']],
  ['table to main', node111(), node111({ table: 'main' }), 'traffic-gap', ['kernel4']],
  ['metric', node111(), node111({ bird: { kernelMetric: 100 } }), 'none', ['kernel4']],
  ['metric without persist', volatile(10), node111({ bird: { kernelMetric: 100 } }), 'traffic-gap', ['kernel4']],
  ['scan time with persist', node111(), node111({ bird: { scanTime: 20 } }), 'none', ['device1', 'kernel4']],
  ['scan time without', volatile(10), volatile(20), 'traffic-gap', ['device1', 'kernel4']],
  ['persist off', node111(), volatile(10), 'none', ['kernel4']],
  ['persist on', volatile(10), node111(), 'traffic-gap', ['kernel4']],
] as const)('%s', ([, before, after, impact, changed]) => {
  const [old, now] = [readSections(renderBirdConf(before)), readSections(renderBirdConf(after))];
  expect(gradeChange(old, now)).toBe(impact);
  expect(changedSections(old, now).sort()).toEqual([...changed].sort());
});

test('comments and spaces do not change the sections that are read', () => {
  const text = renderBirdConf(more);
  const spaced = text
    .replaceAll(/^\t+/gm, '  ')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\n\n', '\n');
  expect(changedSections(readSections(text), readSections(spaced))).toEqual([]);
});

test('a router with every kind of clause is read back section by section', () => {
  const router = node111({ interfaces: [local('dummy0', '10.69.200.1/32', ospf({ cost: 1, stub: true }))] });
  expect(Object.fromEntries(readSections(renderBirdConf(router)))).toEqual({
    log: 'syslog all',
    'router id': '10.69.1.11',
    device1: 'protocol device : scan time 10;',
    direct4: 'protocol direct : ipv4; interface "dummy0"; interface "wg222";',
    kernel4:
      'protocol kernel : kernel table 2; scan time 10; persist; metric 64; ipv4 { import none; export filter { ' +
      'if source ~ [ RTS_STATIC, RTS_DEVICE ] then reject; accept; } }',
    mesh4: 'protocol ospf v2 : ipv4 { import all; export none; }',
    'mesh4 area 0': '',
    'mesh4 interface dummy0': 'area 0 : cost 1; stub;',
    'mesh4 interface wg222': 'area 0 : cost 15; type ptmp; neighbors { 10.70.89.1; }',
  });
});

test.for([
  ['the same place', node111(), node111(), []],
  ['another table: its own kind empties the old one', node111(), node111({ table: { name: 'm', id: 3 } }), []],
  ['another metric', node111(), node111({ bird: { kernelMetric: 32 } }), [{ family: 4, table: 2, metric: 64 }]],
  ['main left', node111({ table: 'main' }), node111(), [{ family: 4, table: undefined, metric: 64 }]],
  ['to main', node111(), node111({ table: 'main' }), []],
] as const)('routes are abandoned: %s', ([, before, after, places]) => {
  const [old, now] = [readSections(renderBirdConf(before)), readSections(renderBirdConf(after))];
  expect(abandonedPlaces(old, now).map(({ from }) => from)).toEqual(places);
});

/** A file whose one OSPF protocol has these lines in area 0. */
const file = (...clauses: readonly string[]): Sections =>
  readSections(['protocol ospf v2 m {', 'area 0 {', ...clauses, '};', '}'].join('\n'));
const clause = (name: string, ...lines: readonly string[]): string =>
  [`interface ${name} {`, ...lines, '};'].join('\n');

test.for<[string, Sections, Sections, boolean]>([
  ['another cost', file(clause('"wg1"', 'cost 1;')), file(clause('"wg1"', 'cost 2;')), false],
  ['another type', file(clause('"wg1"', 'type ptp;')), file(clause('"wg1"', 'type ptmp;')), true],
  ['ttl security', file(clause('"wg1"')), file(clause('"wg1"', 'ttl security on;')), true],
  ['its own clause, equal', file(clause('"wg*"', 'cost 1;')), file(clause('"wg1"'), clause('"wg*"', 'cost 1;')), false],
  ['its own clause after the pattern', file(clause('"wg*"')), file(clause('"wg*"'), clause('"wg1"', 'stub;')), false],
  ['its own clause before the pattern', file(clause('"wg*"')), file(clause('"wg1"', 'stub;'), clause('"wg*"')), true],
  ['excluded from the pattern', file(clause('"wg*"')), file(clause('"-wg1", "wg*"')), true],
  ['no clause any more', file(clause('"wg1"')), file(clause('"wg2"')), true],
  [
    'another protocol',
    file(clause('"wg1"')),
    readSections('protocol ospf v2 n {\narea 0 {\ninterface "wg1" {\n};\n};\n}'),
    true,
  ],
  [
    'another area',
    file(clause('"wg1"')),
    readSections('protocol ospf v2 m {\narea 1 {\ninterface "wg1" {\n};\n};\n}'),
    true,
  ],
  ['OSPFv3', file(clause('"wg1"')), readSections('protocol ospf v3 m {\narea 0 {\ninterface "wg1" {\n};\n};\n}'), true],
])('a change may lose the adjacency over wg1: %s', ([, before, after, expected]) => {
  expect(resetsOf(before, after)('m', 'wg1')).toBe(expected);
});
