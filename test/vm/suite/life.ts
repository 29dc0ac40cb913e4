// The scenarios in their order: each begins with what the one before has left.
import { afterAll, beforeAll, describe, onTestFailed, beforeEach } from 'vitest';
import type { Release } from '../machine/build-image.ts';
import { before } from './before.ts';
import { install } from './install.ts';
import { firstStart } from './first-start.ts';
import type { Inventory } from './inventory.ts';
import { beside } from './networkd.ts';
import { purged } from './purge.ts';
import { rebooted } from './reboot.ts';
import { outlived } from './restarts.ts';
import { Router } from './router.ts';
import { sizes } from './sizes.ts';
import { vrfFacts } from './vrf-facts.ts';

/** @param mode a change of isolation there and back, on a live router */
export function lifeOfAPackage(release: Release, mode: (at: () => Router) => void): void {
  describe(release, () => {
    let router: Router | undefined;
    const taken: { inventory?: Inventory } = {};
    const at = (): Router => {
      if (router === undefined) throw new Error('the machine did not boot');
      return router;
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

    before(at, (inventory) => (taken.inventory = inventory));
    install(at);
    sizes(at);
    outlived(at);
    firstStart(at);
    vrfFacts(at);
    mode(at);
    beside(at);
    rebooted(at);
    purged(at, () => {
      if (taken.inventory === undefined) throw new Error('the inventory was not taken');
      return taken.inventory;
    });
  });
}
