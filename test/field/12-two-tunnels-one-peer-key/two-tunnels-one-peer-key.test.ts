// rcmcdonald91/pfSense-pkg-WireGuard#137: two tunnels to one router with one key, one for each uplink. wgospf refuses this, and no
// cure claims that somebody copied a key; with a key for each tunnel, as in the cure, both carry OSPF.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectFull } from '../../netns/lab/expect-mesh.ts';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const KEY = '+9R/H4k53cJTnxfMoXINjlOPrCad8a/nZ9rKdNE9ulg=';
const state = await readFile(`${import.meta.dirname}/state.yaml`, 'utf8');

let lab: Lab;
let router: Router;
let far: Router;

/** @param keys of the far end, of wga and wgb */
const stateOf = ([a, b]: readonly [string, string], endpoint: string): string =>
  state
    .replace(KEY, a)
    .replace(KEY, b)
    .replaceAll(/"[\d.]+:/g, `"${endpoint}:`)
    .replace(/51825"\}/, '51825"}\n    ospf: {hello: 2, dead: 8}')
    .replace('ospf: {cost: 40}', 'ospf: {cost: 40, hello: 2, dead: 8}');

beforeAll(async () => {
  lab = await makeLab();
  [router, far] = [await lab.router('router'), await lab.router('far')];
  await Promise.all([router.startBird(), far.startBird()]);
});
afterAll(() => lab.close());

test("the far end's key in two tunnels is refused, without a guess", async () => {
  await router.writeState(state);
  const { exitCode, stderr } = await router.wgospf(['check'], { mayFail: true });
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('peer-twice');
  expect(stderr).toContain('a router with two tunnels to this one needs a key for each');
});

test('with a key per tunnel both tunnels are Full', async () => {
  const keys = (of: Router): Promise<[string, string]> =>
    Promise.all([of.makeKey('keys/wga.key'), of.makeKey('keys/wgb.key')]);
  const [own, others] = [await keys(router), await keys(far)];
  await router.writeState(stateOf(others, far.underlay));
  await far.writeState(
    stateOf(own, router.underlay)
      .replace('10.69.1.11', '10.69.2.22')
      .replace('10.70.89.0/31', '10.70.89.1/31')
      .replace('10.70.89.2/31', '10.70.89.3/31'),
  );
  await Promise.all([router, far].map((one) => one.wgospf(['apply', '--adopt'])));
  await expectFull(router, { wga: '10.69.2.22', wgb: '10.69.2.22' });
});
