import { afterAll, beforeAll, describe, onTestFailed, beforeEach } from 'vitest';
import { install } from './suite/install.ts';
import { inNetns } from './suite/netns.ts';
import { Router } from './suite/router.ts';

describe('bookworm-netns', () => {
  let router: Router | undefined;
  const at = (): Router => router as Router;
  beforeAll(async () => {
    router = await Router.boot('bookworm', 'bookworm-netns');
  });
  beforeEach(() => {
    onTestFailed(({ task }) => {
      const error = task.result?.errors?.[0];
      router?.failed(task.name, `${error?.message ?? ''}\n${error?.diff ?? ''}`);
    });
  });
  afterAll(() => router?.close());
  install(at);
  inNetns(at);
});
