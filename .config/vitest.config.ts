import type { ViteUserConfig } from 'vitest/config';

// Two projects: `unit` is what a developer runs all the time; `netns` needs root and makes network namespaces.
const config: ViteUserConfig = {
  root: new URL('..', import.meta.url).pathname,
  test: {
    pool: 'forks',
    // a busy machine takes its time; nothing here waits for a clock on purpose
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/netns/**'] } },
      {
        extends: true,
        test: {
          name: 'netns',
          include: ['test/netns/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
};

export default config;
