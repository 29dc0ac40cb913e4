import type { ViteUserConfig } from 'vitest/config';
import { LongFirst } from './long-first.ts';

// The projects: `unit` is what a developer runs all the time. `netns` needs root and makes network namespaces; so do `proof`,
// that nothing leaks, and `field`, reports from the field, each a folder with its state file. `vm` starts virtual machines,
// one a file, and is run by itself (npm run test:vm); `vm-long` and `vm-leaks` likewise, which CI has no time for.
const config: ViteUserConfig = {
  root: new URL('..', import.meta.url).pathname,
  test: {
    pool: 'forks',
    // a busy machine takes its time; nothing here waits for a clock on purpose
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: LongFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // by default one processor is left idle
          maxWorkers: '100%',
          include: ['test/**/*.test.ts'],
          exclude: ['test/netns/**', 'test/field/**', 'test/vm/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'netns',
          include: ['test/netns/**/*.test.ts'],
          exclude: ['test/netns/leak-proof.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // labs share nothing, and wait for OSPF most of the time
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          // the labs of its four modes load the machine by themselves
          name: 'proof',
          include: ['test/netns/leak-proof.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'field',
          include: ['test/field/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 4,
        },
      },
      {
        extends: true,
        test: {
          name: 'vm',
          include: ['test/vm/*.test.ts'],
          // under emulation nothing has a time; a machine that hangs ends the test by its own deadlines
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'vm-long',
          include: ['test/vm/long/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: {
          name: 'vm-leaks',
          include: ['test/vm/leaks/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
};

export default config;
