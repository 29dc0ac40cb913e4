// The graded change of a bird.conf. What BIRD really does is shown in test/netns/bird-impact.test.ts.
import { expect, test } from 'vitest';
import { abandonedPlace, gradeChange } from '../../src/resources/bird/impact.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { changedSections, readSections } from '../../src/resources/bird/sections.ts';
import type { OspfInterface, RouterModel } from '../../src/model/types.ts';
import { area, instance, local, node111, originating, ospf, tunnel } from './models.ts';

const wg222 = (change: Partial<OspfInterface>): RouterModel =>
  node111({ tunnels: [tunnel('wg222', '10.70.89.0/31', ospf({ neighbors: ['10.70.89.1'], ...change }))] });
const more = node111({ tunnels: [...node111().tunnels, tunnel('wg333', '10.70.90.0/31', ospf())] });
const volatile = (scanTime: number): RouterModel => node111({ bird: { persist: false, scanTime } });

test.for([
  ['nothing', node111(), node111(), 'none', []],
  ['cost', node111(), wg222({ cost: 40 }), 'none', ['interface wg222']],
  ['hello and dead', node111(), wg222({ hello: 2, dead: 8 }), 'none', ['interface wg222']],
  ['neighbours', node111(), wg222({ neighbors: [] }), 'none', ['interface wg222']],
  ['type', node111(), wg222({ type: 'ptp' }), 'adjacency-reset', ['interface wg222']],
  ['stub', node111(), wg222({ stub: true }), 'adjacency-reset', ['interface wg222']],
  ['new tunnel', node111(), more, 'none', ['direct4', 'interface wg333']],
  ['tunnel gone', more, node111(), 'none', ['direct4', 'interface wg333']],
  ['router id', node111(), node111({ routerId: '10.69.1.12' }), 'adjacency-reset', ['router id']],
  [
    'area',
    node111(),
    node111({ bird: { instances: [instance({ area: '1', areas: [area('1')] })] } }),
    'adjacency-reset',
    ['area'],
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

test('comments and spaces are no part of what a file says', () => {
  const text = renderBirdConf(more);
  const spaced = text
    .replaceAll(/^\t+/gm, '  ')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\n\n', '\n');
  expect(changedSections(readSections(text), readSections(spaced))).toEqual([]);
});

test('a router with every kind of clause reads back section by section', () => {
  const router = node111({ interfaces: [local('dummy0', '10.69.200.1/32', ospf({ cost: 1, stub: true }))] });
  expect(Object.fromEntries(readSections(renderBirdConf(router)))).toEqual({
    log: 'syslog all',
    'router id': '10.69.1.11',
    device1: 'scan time 10;',
    direct4: 'ipv4; interface "dummy0"; interface "wg222";',
    kernel4:
      'kernel table 2; scan time 10; persist; metric 64; import none; if source ~ [ RTS_STATIC, RTS_DEVICE ] then reject; accept;',
    mesh4: 'import all; export none;',
    area: '0',
    'interface dummy0': 'cost 1; stub;',
    'interface wg222': 'cost 15; type ptmp; 10.70.89.1;',
  });
});

test.for([
  ['the same place', node111(), node111(), undefined],
  ['another table: its own kind empties the old one', node111(), node111({ table: { name: 'm', id: 3 } }), undefined],
  ['another metric', node111(), node111({ bird: { kernelMetric: 32 } }), { table: 2, metric: 64 }],
  ['main left', node111({ table: 'main' }), node111(), { table: undefined, metric: 64 }],
  ['to main', node111(), node111({ table: 'main' }), undefined],
] as const)('abandoned routes: %s', ([, before, after, place]) => {
  const [old, now] = [readSections(renderBirdConf(before)), readSections(renderBirdConf(after))];
  expect(abandonedPlace(old, now)).toEqual(place);
});
