// The parts of a bundle: its files, and which packages are inside.
import { expect, test, vi } from 'vitest';
import { makeBundle, packageFolders } from '../../packaging/bundle.ts';

// a busy machine needs time
vi.setConfig({ testTimeout: 60_000 });

const { files } = await makeBundle();
const textOf = (name: string): string => Buffer.from(files.get(name) ?? []).toString();

/** The files that these load before they run, with themselves. */
function loadedWith(names: readonly string[]): Set<string> {
  const found = new Set<string>(names);
  for (const name of found)
    for (const [, next = ''] of textOf(name).matchAll(/^(?:\} from|import) "\.\/(?:lib\/)?([^"]+)";$/gm))
      found.add(`lib/${next}`);
  return found;
}

/** What a file loads while it runs, by what it asks for: `lib/start-daemon`. */
const lateImports = (name: string): string[] =>
  [...textOf(name).matchAll(/\bimport\("\.\/(?:lib\/)?([^"]+)-[A-Z0-9]{8}\.mjs"\)/g)].map(
    ([, file = '']) => `lib/${file}`,
  );

const named = (name: string): string => [...files.keys()].find((file) => file.startsWith(`${name}-`)) ?? name;

test('the name of every file but wgospf.mjs contains a hash of its content, and two bundles are equal', async () => {
  expect([...files.keys()].filter((name) => !/^lib\/[\w-]+-[A-Z0-9]{8}\.mjs$/.test(name))).toEqual(['wgospf.mjs']);
  expect((await makeBundle()).files).toEqual(files);
});

test('the daemon, the part inside and every action load nothing later', () => {
  const entries = ['lib/actions', 'lib/metrics', 'lib/start-daemon', 'lib/serve-inside'].map(named);
  const late = [...loadedWith(entries)].filter((name) => /^(?!\s*(?:\/\/|\*)).*\bimport\(/m.test(textOf(name)));
  expect(late).toEqual([]);
});

test('help loads nothing of the schema, the kernel or the daemon', () => {
  const names = [...loadedWith(['wgospf.mjs', named('lib/main')])];
  const loaded = names.map(textOf).join('');
  expect(loaded).toContain('// node_modules/commander/');
  for (const other of ['node_modules/zod', 'node_modules/yaml', 'node_modules/execa', 'src/engine', 'src/resources'])
    expect(loaded).not.toContain(`// ${other}/`);
  const late = new Set(names.flatMap(lateImports));
  expect([...late].sort()).toEqual(['lib/actions', 'lib/create-context', 'lib/main', 'lib/metrics']);
});

test("zod's messages in other languages and netlink's other families are left out", () => {
  const all = [...files.keys()].map(textOf).join('');
  expect(all).toContain('// node_modules/zod/v4/locales/en.js');
  expect(all).not.toContain('// node_modules/zod/v4/locales/de.js');
  expect(all).not.toContain('// node_modules/netlink/dist/nl80211/');
});

test('a bundled package is the folder after the last node_modules, each once', () => {
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
