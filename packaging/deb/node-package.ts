// The npm packages that contain Node, for any architecture: the installed one, or one fetched through npm and checked
// against the lock file's integrity.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { root } from '../bundle.ts';

export type Architecture = 'amd64' | 'arm64';

const CPU = { amd64: 'x64', arm64: 'arm64' } as const;

/** Node's and npm's name of a Debian architecture: `linux-x64`. */
export const platformOf = (architecture: Architecture): string => `linux-${CPU[architecture]}`;

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string } | undefined>>;
}

/** `sha512-BASE64` of the file's content, as in lock files. */
export const integrityOf = (content: Uint8Array): string =>
  `sha512-${createHash('sha512').update(content).digest('base64')}`;

async function fetchPackage(name: string, into: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as LockFile;
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`package-lock.json does not name ${name}`);
  const folder = `${into}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  try {
    const { stdout } = await execa('npm', [
      'pack',
      '--silent',
      '--pack-destination',
      folder,
      `${name}@${locked.version}`,
    ]);
    const file = join(folder, stdout.trim());
    const found = integrityOf(await readFile(file));
    if (found !== locked.integrity) {
      throw new Error(
        `${name} ${locked.version} as npm gives it is ${found}, and package-lock.json says ${locked.integrity}`,
      );
    }
    await execa('tar', ['-xzf', file, '-C', folder, 'package/bin/node', 'package/LICENSE', 'package/package.json']);
    await rm(into, { recursive: true, force: true });
    await rename(join(folder, 'package'), into);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The folder of the package, with bin/node and LICENSE. */
export async function nodePackage(architecture: Architecture): Promise<string> {
  const name = `node-${platformOf(architecture)}`;
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, 'bin/node'))) return installed;
  const { optionalDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  const kept = join(root, '.cache/node', `${name}-${String(optionalDependencies[name])}`);
  if (!existsSync(join(kept, 'bin/node'))) await fetchPackage(name, kept);
  return kept;
}

const STRIP = { amd64: 'x86_64-linux-gnu-strip', arm64: 'aarch64-linux-gnu-strip' } as const;

/** Writes the program to `to` without symbols and debugging information, which nothing reads at run time. */
export async function strip(architecture: Architecture, from: string, to: string): Promise<void> {
  await execa(STRIP[architecture], ['--strip-unneeded', '--remove-section=.comment', '-o', to, from]);
}
