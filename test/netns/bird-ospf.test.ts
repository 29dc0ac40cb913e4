// Two real BIRDs on a cable with files of ours: adjacency, what comes to the mesh table, what is originated.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { area, instance, local, originating, ospf, prefix } from '../bird/models.ts';
import { address, cableModel, CONF, expectRoutes, full, pass, quick, routes, startOn } from './bird-lab.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
let a: Router;
let b: Router;

beforeEach(async () => {
  lab = await makeLab();
  [a, b] = [await lab.router('a'), await lab.router('b')];
  await lab.connect(a, 'cab', b, 'cab');
  await Promise.all([address(a, 1), address(b, 2)]);
});
afterEach(() => lab.close());

const start = async (one = cableModel(1), two = cableModel(2)): Promise<void> => {
  await Promise.all([startOn(a, one), startOn(b, two)]);
};
const learned = '10.69.2.0/24 via 10.70.89.1 dev cab proto bird metric 64';

test('ptp reaches Full, and the mesh table has the routes of OSPF and no device routes', async () => {
  await start();
  await full(a, b);
  await expectRoutes(a, 2, [learned]);
  expect(await routes(a, 2)).toEqual([learned]);
  expect(await routes(a, 'main', 'bird')).toEqual([]);
});

test('ptmp with its neighbour also gives host routes of both ends', async () => {
  const ptmp = (n: 1 | 2): ReturnType<typeof cableModel> =>
    cableModel(n, {
      interfaces: [
        local('cab', `10.70.89.${n - 1}/31`, { ...quick, type: 'ptmp', neighbors: [`10.70.89.${2 - n}`] }),
        local('lan', `10.69.${n}.1/24`, ospf({ stub: true })),
      ],
    });
  await start(ptmp(1), ptmp(2));
  await expectRoutes(a, 2, [
    learned,
    '10.70.89.0 dev cab proto bird scope link metric 64',
    '10.70.89.1 via 10.70.89.1 dev cab proto bird metric 64',
  ]);
});

test('nbma with eligible neighbours reaches Full', async () => {
  const nbma = (n: 1 | 2): ReturnType<typeof cableModel> =>
    cableModel(n, {
      interfaces: [
        local('cab', `10.70.91.${n}/24`, { ...quick, type: 'nbma', neighbors: [`10.70.91.${3 - n}`] }),
        local('lan', `10.69.${n}.1/24`, ospf({ stub: true })),
      ],
    });
  await Promise.all([a.sh('ip addr add 10.70.91.1/24 dev cab'), b.sh('ip addr add 10.70.91.2/24 dev cab')]);
  await start(nbma(1), nbma(2));
  await eventually(async () => {
    expect(await routes(a, 2, '10.69.2.0/24')).toEqual(['10.69.2.0/24 via 10.70.91.2 dev cab proto bird metric 64']);
  });
});

test('OSPF in table main reaches Full', async () => {
  await start(cableModel(1, { table: 'main' }));
  await expectRoutes(a, 'main', [learned]);
});

test('originated prefixes reach the neighbour, and the own kernel gets no unreachable route', async () => {
  await start(cableModel(1, { bird: originating('0.0.0.0/0', '10.69.0.0/16') }));
  await expectRoutes(b, 2, [
    '10.69.1.0/24 via 10.70.89.0 dev cab proto bird metric 64',
    '10.69.0.0/16 via 10.70.89.0 dev cab proto bird metric 64',
    'default via 10.70.89.0 dev cab proto bird metric 64',
  ]);
  expect(await routes(a, 'all', 'unreachable')).toEqual([]);
  await expectRoutes(a, 2, [learned]);
});

test('an originated prefix that is also connected is exported, and one that is not named is not', async () => {
  const interfaces = [local('cab', '10.70.89.0/31', quick), local('lan', '10.69.1.1/24')];
  await start(cableModel(1, { interfaces, bird: originating('10.69.1.0/24') }));
  await expectRoutes(b, 2, ['10.69.1.0/24 via 10.70.89.0 dev cab proto bird metric 64']);
  await pass(a, { model: cableModel(1, { interfaces }) });
  await expectRoutes(b, 2, []);
});

test('fact: a router with only an nssa drops originated networks when BIRD starts OSPF, and announces them after a reload', async () => {
  const nssa = (n: 1 | 2): ReturnType<typeof cableModel> =>
    cableModel(n, {
      interfaces: [local('cab', `10.70.89.${n - 1}/31`, { ...quick, area: '1' }), local('lan', `10.69.${n}.1/24`)],
      bird: {
        instances: [
          instance({
            ...{ area: '1', areas: [area('1', { type: 'nssa' })] },
            export: { kind: 'prefixes', prefixes: [prefix(`10.69.${n}.0/24`)] },
          }),
        ],
      },
    });
  await start(nssa(1), nssa(2));
  await a.sh('birdc restart mesh4');
  await full(a, b);
  expect(await a.birdc('show ospf lsadb self')).not.toMatch(/^ 0007/m);
  await a.sh('birdc reload out mesh4');
  await eventually(async () => {
    expect(await routes(b, 2, 'proto bird')).toContain('10.69.1.0/24 via 10.70.89.0 dev cab proto bird metric 64');
  });
});

test('fact: without direct, copies of the connected networks would enter the mesh table', async () => {
  await start();
  await expectRoutes(a, 2, [learned]);
  const without = renderBirdConf(cableModel(1)).replace(/protocol direct[^}]*\}/, '');
  await a.writeFile(CONF, without);
  await a.sh('birdc configure');
  await expectRoutes(a, 2, [
    learned,
    '10.69.1.0/24 dev lan proto bird scope link metric 64',
    '10.70.89.0/31 dev cab proto bird scope link metric 64',
  ]);
});

test("fact: with the seed's filter BIRD 2 exports device routes", async () => {
  await start();
  await expectRoutes(a, 2, [learned]);
  await a.writeFile(CONF, renderBirdConf(cableModel(1)).replace('[ RTS_STATIC, RTS_DEVICE ]', '[ RTS_STATIC ]'));
  await a.sh('birdc configure');
  await expectRoutes(a, 2, [
    learned,
    '10.69.1.0/24 dev lan proto bird scope link metric 64',
    '10.70.89.0/31 dev cab proto bird scope link metric 64',
  ]);
});
