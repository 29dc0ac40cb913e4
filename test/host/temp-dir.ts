// A folder for the test, removed when the test ends.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export async function tempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'wgospf-test-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
