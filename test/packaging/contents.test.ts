// How the program is started: by its first line.
import { expect, test } from 'vitest';
import { launched, SHEBANG } from '../../packaging/deb/contents.ts';

test('the first line names the Node of the package, and the rest stays', () => {
  const made = Buffer.from(launched(Buffer.from('#!/usr/bin/env node\nbody();\n'))).toString();
  expect(made).toBe(`${SHEBANG}\nbody();\n`);
  expect(() => launched(Buffer.from('body();\n'))).toThrow('does not begin with #!');
});

test('the kernel reads the whole line', () => {
  // BINPRM_BUF_SIZE (linux/binfmts.h)
  expect(SHEBANG.length).toBeLessThan(256);
});
