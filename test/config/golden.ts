// Golden text beside the tests; UPDATE_GOLDEN=1 writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

export function expectGolden(shown: string, file: URL): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, shown);
  expect(shown).toBe(readFileSync(file, 'utf8'));
}
