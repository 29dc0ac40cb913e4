// Bundles src/main.ts and its imports into dist/wgospf.mjs and dist/lib/. Adds the prebuilt netlink addons, so that dist/ alone,
// copied anywhere, runs on Node 24, and a folder for V8's compiled code (src/host/compile-cache.ts). `--if-stale`: only if a source
// is newer than the bundle.
import { chown, copyFile, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeBundle, root } from './bundle.ts';

const bundle = join(root, 'dist/wgospf.mjs');
const architectures = ['linux-x64', 'linux-arm64'];

const modified = async (path) => (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;

/** Folders count too: their time shows that a file was deleted. */
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

/** Under sudo, files written into the checkout keep the checkout's owner. */
async function give(path) {
  if (process.getuid() !== 0) return;
  const { uid, gid } = await stat(join(root, 'package.json'));
  await chown(path, uid, gid);
}

/** Written beside and renamed: a program that runs meanwhile sees the complete old or new file. */
async function put(path, write) {
  const temporary = `${path}.${process.pid}`;
  await write(temporary);
  await give(temporary);
  await rename(temporary, path);
}

async function makeFolder(name, mode = 0o755) {
  const path = join(root, 'dist', name);
  await mkdir(path, { recursive: true, mode });
  await give(path);
}

async function main() {
  const { files } = await makeBundle().catch(() => process.exit(1)); // esbuild has printed the reason
  for (const architecture of architectures) {
    const folder = join('prebuilds', architecture);
    for (const made of ['', 'prebuilds', folder]) await makeFolder(made);
    const addon = join(folder, 'node.napi.node');
    await put(join(root, 'dist', addon), (to) => copyFile(join(root, 'node_modules/netlink', addon), to));
  }
  await makeFolder('lib');
  // wgospf.mjs comes last: its time is the age of the whole build
  for (const [name, content] of [...files].reverse())
    await put(join(root, 'dist', name), (to) =>
      writeFile(to, content, { mode: name === 'wgospf.mjs' ? 0o755 : 0o644 }),
    );
  await removeOld(files);
}

/** Files of an earlier build. A running program has loaded everything that it needs (src/cli/command.ts). */
async function removeOld(files) {
  for (const name of await readdir(join(root, 'dist/lib')))
    if (!files.has(join('lib', name))) await rm(join(root, 'dist/lib', name), { force: true });
  await rm(join(root, 'dist/.cache'), { recursive: true, force: true });
  await makeFolder('.cache', 0o700);
}

if (!process.argv.includes('--if-stale') || (await isStale())) await main();
