// The fake passes the same suite as the kernel.
import { it } from 'vitest';
import { createFakeHost } from './fake-host.ts';
import { hostSuite, suiteBoot } from './host-suite.ts';

it.each(hostSuite)('$name', async ({ run }) => {
  const host = createFakeHost();
  host.run(suiteBoot);
  await run({
    host,
    type: async (lines) => {
      await Promise.resolve();
      host.run(lines);
    },
  });
});
