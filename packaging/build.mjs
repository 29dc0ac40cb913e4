// Bundles src/main.ts and what it imports into dist/wgospf.mjs. Beside it go the prebuilt netlink addons, so that dist/
// alone, copied anywhere, runs on Node 24. `--if-stale`: only where a source is newer than the bundle.
import { chown, copyFile, mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBundle, root } from './bundle.ts';

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
    'packaging/bundle.ts',
    'src',
    ...entries.map((e) => join('src', e)),
  ];
  const times = await Promise.all(sources.map((path) => modified(join(root, path))));
  return Math.max(...times) >= (await modified(bundle));
}

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
  const { code } = await makeBundle().catch(() => process.exit(1)); // esbuild has said why
  for (const architecture of architectures) {
    const folder = join('prebuilds', architecture);
    await mkdir(join(root, 'dist', folder), { recursive: true });
    for (const made of ['', 'prebuilds', folder]) await give(join(root, 'dist', made));
    const addon = join(folder, 'node.napi.node');
    await put(join(root, 'dist', addon), (to) => copyFile(join(root, 'node_modules/netlink', addon), to));
  }
  await put(bundle, (to) => writeFile(to, code, { mode: 0o755 }));
}

if (!process.argv.includes('--if-stale') || (await isStale())) await main();
