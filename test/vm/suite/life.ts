// The scenarios in their order: each begins with what the one before has left.
import { afterAll, beforeAll, describe, onTestFailed, beforeEach } from 'vitest';
import type { Release } from '../machine/build-image.ts';
import { before } from './before.ts';
import { install } from './install.ts';
import type { Inventory } from './inventory.ts';
import { beside } from './networkd.ts';
import { purged } from './purge.ts';
import { rebooted } from './reboot.ts';
import { Router } from './router.ts';
import { sizes } from './sizes.ts';
import { vrfFacts } from './vrf-facts.ts';

type Scenario = (at: () => Router, before: () => Inventory) => void;

/**
 * @param own what this release alone is taken through, on a live router: a change of isolation there and back, and one of the ways
 *   in which an agent ends. An emulated machine has no time for all of it twice.
 */
export function lifeOfAPackage(release: Release, own: readonly Scenario[]): void {
  describe(release, () => {
    let router: Router | undefined;
    const taken: { inventory?: Inventory } = {};
    const at = (): Router => {
      if (router === undefined) throw new Error('the machine did not boot');
      return router;
    };
    const inventory = (): Inventory => {
      if (taken.inventory === undefined) throw new Error('the inventory was not taken');
      return taken.inventory;
    };

    beforeAll(async () => {
      router = await Router.boot(release);
    });
    // told at once: the scenarios after it take minutes
    beforeEach(() => {
      onTestFailed(({ task }) => {
        const error = task.result?.errors?.[0];
        router?.failed(task.name, `${error?.message ?? ''}\n${error?.diff ?? ''}`);
      });
    });
    afterAll(() => router?.close());

    before(at, (found) => (taken.inventory = found));
    install(at);
    sizes(at);
    vrfFacts(at);
    for (const scenario of own) scenario(at, inventory);
    beside(at);
    rebooted(at);
    purged(at, inventory);
  });
}
