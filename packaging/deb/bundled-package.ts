// An npm package inside the bundle, with its licence. A package without a licence text may not be shipped, and is an error.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX identifier */
  readonly licence: string;
  readonly licenceText: string;
  /** relative to the checkout */
  readonly folder: string;
  readonly homepage: string;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: unknown;
  readonly homepage?: string;
  readonly repository?: string | { readonly url?: string };
}

/** Words that identify a licence by its text, for a manifest that does not name it. */
const BY_TEXT: readonly [RegExp, string][] = [
  [/permission is hereby granted, free of charge.*the software is provided "as is"/is, 'MIT'],
  [/permission to use, copy, modify, and\/or distribute this software/i, 'ISC'],
  [/apache license\s+version 2\.0/i, 'Apache-2.0'],
];

const LICENCE_FILE = /^(licen[cs]e|copying)(\.(md|txt))?$/i;

/** `git+https://host/owner/name.git` -> `https://host/owner/name` */
function homepageOf({ homepage, repository }: Manifest): string {
  const url = homepage ?? (typeof repository === 'string' ? repository : repository?.url) ?? '';
  const short = /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(url)?.[1];
  return short === undefined ? url.replace(/^git\+|\.git(?=$|#)/g, '') : `https://github.com/${short}`;
}

/** @param manifest the text of package.json; @param licenceText undefined if the package has no licence file */
export function describePackage(folder: string, manifest: string, licenceText: string | undefined): BundledPackage {
  const read = JSON.parse(manifest) as Manifest;
  const { name, version } = read;
  if (licenceText === undefined || licenceText.trim() === '') {
    throw new Error(`${name} ${version} is in the bundle and has no licence file in ${folder}: do not ship it`);
  }
  const said = typeof read.license === 'string' ? read.license : undefined;
  const licence = said ?? BY_TEXT.find(([pattern]) => pattern.test(licenceText))?.[1];
  if (licence === undefined) {
    throw new Error(
      `the licence of ${name} ${version} is not told by its package.json nor known by its text (${folder})`,
    );
  }
  return { name, version, licence, licenceText, folder, homepage: homepageOf(read) };
}

export async function readBundledPackage(root: string, folder: string): Promise<BundledPackage> {
  const at = join(root, folder);
  const file = (await readdir(at)).find((entry) => LICENCE_FILE.test(entry));
  const licenceText = file === undefined ? undefined : await readFile(join(at, file), 'utf8');
  return describePackage(folder, await readFile(join(at, 'package.json'), 'utf8'), licenceText);
}
