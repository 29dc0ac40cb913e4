// Depends from the symbol versions that the loader checks.
import { expect, test } from 'vitest';
import { libraryDepends } from '../../packaging/deb/library-depends.ts';

const file = (needed: string[], versions: string[]) => ({ architecture: 'amd64', needed, versions }) as const;

test('the greatest version of all files counts, as a number', () => {
  const node = file(['libc.so.6', 'libm.so.6', 'ld-linux-x86-64.so.2', 'libgcc_s.so.1'], ['GLIBC_2.9', 'GCC_3.4']);
  const addon = file(['libc.so.6'], ['GLIBC_2.28', 'GLIBC_2.2.5']);
  expect(libraryDepends([node, addon])).toEqual(['libc6 (>= 2.28)', 'libgcc-s1 (>= 3.4)']);
});

test('libstdc++ is named by the release of GCC with that version', () => {
  const needs = (version: string): string[] => libraryDepends([file(['libstdc++.so.6'], [version])]);
  expect(needs('GLIBCXX_3.4.21')).toEqual(['libstdc++6 (>= 5.1)']);
  expect(needs('GLIBCXX_3.4.11')).toEqual(['libstdc++6']);
  expect(() => needs('GLIBCXX_3.4.99')).toThrow('GLIBCXX_3.4.99');
});

test('an unknown library is an error', () => {
  expect(() => libraryDepends([file(['libssl.so.3'], [])])).toThrow('libssl.so.3');
});
