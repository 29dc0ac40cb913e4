// bird.conf as text. In test/netns/bird-parse.test.ts the real parser reads the same files.
import { expect, test } from 'vitest';
import { readHeader } from '../../src/resources/bird/header.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { cases, cases16 } from './cases.ts';
import { local, model, node111, ospf, tunnel } from './models.ts';

test.for(Object.entries(cases))('%s', async ([name, router]) => {
  const text = renderBirdConf(router);
  await expect(text).toMatchFileSnapshot(`golden/${name}.conf`);
  expect(readHeader(text)?.intact).toBe(true);
});

test.for(Object.entries(cases16))('%s for BIRD 1.6', async ([name, router]) => {
  const text = renderBirdConf({ ...router, bird: { ...router.bird, dialect: '1.6', version: '1.6' } });
  await expect(text).toMatchFileSnapshot(`golden/${name}.1.6.conf`);
  expect(renderBirdConf(router, '1.6')).toBe(text);
});

test('the order of interfaces does not change the file', () => {
  const links = ['wg3', 'wg1', 'wg2'].map((name, i) => tunnel(name, `10.70.89.${2 * i}/31`, ospf()));
  const interfaces = [local('eth2', '10.69.3.1/24'), local('eth1', '10.69.2.1/24')];
  const text = renderBirdConf(model({ tunnels: links, interfaces }));
  expect(renderBirdConf(model({ tunnels: links.toReversed(), interfaces: interfaces.toReversed() }))).toBe(text);
});

test('a change that BIRD does not see does not change the generation', () => {
  const generation = (router = node111()): string | undefined => readHeader(renderBirdConf(router))?.generation;
  const moved = { ...node111(), generation: 'ffffffffffff' };
  const ported = node111({ tunnels: node111().tunnels.map((t) => ({ ...t, listenPort: 1234, mtu: 1400 })) });
  expect([generation(moved), generation(ported)]).toEqual([generation(), generation()]);
  expect(generation(node111({ routerId: '10.69.1.12' }))).not.toBe(generation());
});
