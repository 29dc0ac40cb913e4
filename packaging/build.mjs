// Bundles src/main.ts and what it imports into dist/wgospf.mjs. Beside it go the prebuilt netlink addons, so that dist/
// alone, copied anywhere, runs on Node 24. `--if-stale`: only where a source is newer than the bundle.
import { chown, copyFile, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'dist/wgospf.mjs');
const architectures = ['linux-x64', 'linux-arm64'];

const modified = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

/** Folders count too: their time tells of a file that was deleted. */
async function isStale() {
  const entries = await readdir(join(root, 'src'), { recursive: true });
  const sources = [
    'package.json',
    'package-lock.json',
    'packaging/build.mjs',
    'src',
    ...entries.map((e) => join('src', e)),
  ];
  const times = await Promise.all(sources.map((path) => modified(join(root, path))));
  return Math.max(...times) >= (await modified(bundle));
}

/** node-gyp-build looks for its addon beside the package's own files, which a bundle has not; ours lies beside the bundle. */
const addonBesideBundle = {
  name: 'addon-beside-bundle',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node-gyp-build$/ }, ({ path }) => ({ path, namespace: 'addon' }));
    onLoad({ filter: /.*/, namespace: 'addon' }, () => ({
      // the path in a variable: esbuild would look for the files of a literal
      contents: `const path = './prebuilds/' + process.platform + '-' + process.arch + '/node.napi.node';
        module.exports = () => require(path);`,
    }));
  },
};

/** Under sudo, what is written into the checkout stays its owner's. */
async function give(path) {
  if (process.getuid() !== 0) return;
  const { uid, gid } = await stat(join(root, 'package.json'));
  await chown(path, uid, gid);
}

/** Written beside and renamed: a program that runs meanwhile sees the old file or the new one, whole. */
async function put(path, write) {
  const temporary = `${path}.${process.pid}`;
  await write(temporary);
  await give(temporary);
  await rename(temporary, path);
}

async function main() {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/main.ts')],
    outfile: bundle,
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // bundled CommonJS packages call require and read __dirname, which an ES module has not
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    define: { __dirname: 'import.meta.dirname' },
    plugins: [addonBesideBundle],
    logLevel: 'warning',
    write: false,
  }).catch(() => process.exit(1)); // esbuild has said why
  for (const architecture of architectures) {
    const folder = join('prebuilds', architecture);
    await mkdir(join(root, 'dist', folder), { recursive: true });
    for (const made of ['', 'prebuilds', folder]) await give(join(root, 'dist', made));
    const addon = join(folder, 'node.napi.node');
    await put(join(root, 'dist', addon), (to) => copyFile(join(root, 'node_modules/netlink', addon), to));
  }
  await put(bundle, (to) => writeFile(to, outputFiles[0].contents, { mode: 0o755 }));
}

if (!process.argv.includes('--if-stale') || (await isStale())) await main();
