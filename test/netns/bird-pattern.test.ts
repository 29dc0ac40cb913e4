// `tunnelPattern` in every real BIRD: a tunnel that is like the others joins without a reload, and one that shall not speak
// OSPF, or speaks it in another area, is left out of the shared clause.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import type { RouterModel, Tunnel } from '../../src/model/types.ts';
import { area, instance, model, ospf, tunnel } from '../bird/models.ts';
import { CONF } from './bird-lab.ts';
import { birdVersions, useBird } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';

let lab: Lab;
beforeEach(async () => void (lab = await makeLab()));
afterEach(() => lab.close());

const speaking = (n: number, change: Parameters<typeof ospf>[0] = {}): Tunnel =>
  tunnel(`wg${n}`, `10.70.89.${2 * n}/31`, ospf({ type: 'ptp', ...change }));

const wanted = (...more: readonly Tunnel[]): RouterModel =>
  model({
    tunnels: [
      speaking(1),
      speaking(3, { cost: 99 }),
      speaking(4, { area: '1' }),
      tunnel('wg9', '10.70.89.18/31'),
      ...more,
    ],
    bird: { instances: [instance({ tunnelPattern: 'wg*', areas: [area('0'), area('1')] })] },
  });

/** `wg1 0 15`: name, area and cost of each interface that OSPF runs on. */
function interfacesOf(reply: string): string[] {
  const found = reply.matchAll(/Interface (\S+) [\s\S]*?Area: (\S+)[\s\S]*?Cost: (\d+)/g);
  return Array.from(found, ([, name, id, cost]) => `${name ?? ''} ${id ?? ''} ${cost ?? ''}`).sort();
}

const versions = (await birdVersions()).map((version) => [version.label, version] as const);

test.for(versions)('BIRD %s starts OSPF on a new interface that matches the pattern', async ([, version]) => {
  const router = await lab.router('a');
  await useBird(router, version);
  const dialect = version.major === 1 ? '1.6' : '2';
  await router.writeFile(CONF, renderBirdConf(wanted(), dialect), 0o644);
  const make = (n: number): Promise<string> =>
    // a bridge: OSPF does not care, and it needs no other end
    router.sh(`ip link add wg${n} type bridge; ip addr add 10.70.89.${2 * n}/31 dev wg${n}; ip link set wg${n} up`);
  for (const n of [1, 3, 4, 9]) await make(n);
  await router.startBird();
  const expectOspf = (list: readonly string[]): Promise<void> =>
    eventually(async () => {
      expect(interfacesOf(await router.birdc('show ospf interface mesh4'))).toEqual(list);
    });
  await expectOspf(['wg1 0.0.0.0 15', 'wg3 0.0.0.0 99', 'wg4 0.0.0.1 15']);

  expect(renderBirdConf(wanted(speaking(2)), dialect)).toBe(renderBirdConf(wanted(), dialect));
  await make(2);
  await expectOspf(['wg1 0.0.0.0 15', 'wg2 0.0.0.0 15', 'wg3 0.0.0.0 99', 'wg4 0.0.0.1 15']);
  expect(await router.birdc('show route 10.70.89.4/31')).toContain('direct4');
});
