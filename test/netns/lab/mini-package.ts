// A .deb with the package's maintainer scripts and few files: shows dpkg's behaviour without minutes of packing.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { networkdDropIns } from '../../../packaging/deb/contents.ts';
import { controlFiles } from '../../../packaging/deb/control-files.ts';
import { writeTree } from '../../../packaging/deb/tree.ts';
import type { Namespace } from './namespace.ts';

const checkout = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Builds `wgospf_VERSION.deb` and puts it into /run of the namespace; returns its path there. */
export async function miniPackage(namespace: Namespace, version: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'wgospf-mini-'));
  try {
    const [tree, deb] = [join(folder, 'tree'), join(folder, 'x.deb')];
    await writeTree(
      tree,
      [
        { path: 'etc/wgospf', folder: true, mode: 0o750 },
        { path: 'usr/lib/sysusers.d/wgospf.conf', from: checkout('packaging/deb/files/sysusers.conf') },
        ...networkdDropIns(),
      ],
      0,
    );
    const control = `Package: wgospf\nVersion: ${version}\nArchitecture: all\nMaintainer: x <x@example.net>\nDescription: x\n`;
    const files = await controlFiles(control, tree);
    await writeTree(
      tree,
      files.map((file) => ({ ...file, path: `DEBIAN/${file.path}` })),
      0,
    );
    await execa('dpkg-deb', ['--root-owner-group', '-Znone', '--build', tree, deb]);
    const path = `/run/wgospf_${version}.deb`;
    cpSync(deb, `/proc/${namespace.pid}/root${path}`);
    return path;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
