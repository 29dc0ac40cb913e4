// Which packages a bundle has inside.
import { expect, test } from 'vitest';
import { packageFolders } from '../../packaging/bundle.ts';

test('the folder behind the last node_modules, each once', () => {
  const inputs = Object.fromEntries(
    [
      'src/main.ts',
      'node_modules/b/x.js',
      'node_modules/b/y.js',
      'node_modules/@s/a/i.js',
      'node_modules/c/node_modules/b/z.js',
    ].map((path) => [path, { bytesInOutput: 1 }]),
  );
  const output = { inputs, bytes: 1, imports: [], exports: [] };
  expect(packageFolders({ inputs: {}, outputs: { 'dist/wgospf.mjs': output } })).toEqual([
    'node_modules/@s/a',
    'node_modules/b',
    'node_modules/c/node_modules/b',
  ]);
});
