// The proof of test/leaks with a VRF and the kernel's WireGuard, in its own machine.
import { afterAll, beforeAll, describe } from 'vitest';
import { leaks } from '../suite/leaks.ts';
import { Router } from '../suite/router.ts';

describe('trixie-leaks', () => {
  let router: Router | undefined;
  beforeAll(async () => {
    router = await Router.boot('trixie', 'trixie-leaks');
    await router.install(router.built);
    await router.sh('systemctl stop wgospf');
  });
  afterAll(() => router?.close());

  leaks(() => {
    if (router === undefined) throw new Error('the machine did not boot');
    return router;
  });
});
