// The scenarios in their order: each starts with the result of the one before.
import { afterAll, beforeAll, describe, onTestFailed, beforeEach } from 'vitest';
import type { Release } from '../machine/build-image.ts';
import { before } from './before.ts';
import { install } from './install.ts';
import type { Inventory } from './inventory.ts';
import { Router } from './router.ts';

type Scenario = (at: () => Router, before: () => Inventory) => void;

/**
 * @param scenarios what happens to the router after the package is installed and the mesh works
 * @param name of the machine: each has its own folder
 */
export function lifeOfAPackage(release: Release, scenarios: readonly Scenario[], name: string = release): void {
  describe(name, () => {
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
      router = await Router.boot(release, name);
    });
    // printed at once: the scenarios after it take minutes
    beforeEach(() => {
      onTestFailed(({ task }) => {
        const error = task.result?.errors?.[0];
        router?.failed(task.name, `${error?.message ?? ''}\n${error?.diff ?? ''}`);
      });
    });
    afterAll(() => router?.close());

    before(at, (found) => (taken.inventory = found));
    install(at);
    for (const scenario of scenarios) scenario(at, inventory);
  });
}
