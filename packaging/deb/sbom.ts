// The software bill of materials: the parts of the package, as CycloneDX 1.6 JSON. Pure; equal input, equal text.
import { createHash } from 'node:crypto';
import type { BundledPackage } from './bundled-package.ts';

export interface SbomInput {
  /** Debian's version of the package */
  readonly version: string;
  readonly architecture: string;
  /** seconds since 1970 */
  readonly epoch: number;
  readonly packages: readonly BundledPackage[];
  /** process.versions of the Node inside: its own version is `node`, those of its parts have their names */
  readonly nodeVersions: Readonly<Record<string, string>>;
  /** SHA-256 in hexadecimal of the binary files: by path in the package */
  readonly files: Readonly<Record<string, string>>;
}

/** Not parts of Node but version numbers of its interfaces and its data. */
const NOT_PARTS = new Set(['node', 'modules', 'napi', 'cldr', 'tz', 'unicode', 'ncrypto']);

const npmPurl = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

function nodeComponent(versions: SbomInput['nodeVersions'], files: SbomInput['files']): object {
  const version = versions['node'] ?? '';
  const parts = Object.entries(versions)
    .filter(([name]) => !NOT_PARTS.has(name))
    .map(([name, v]) => ({ type: 'library', name, version: v, purl: `pkg:generic/${name}@${v}` }))
    .sort(byName);
  const sha256 = files['usr/lib/wgospf/node'];
  return {
    type: 'application',
    'bom-ref': 'node',
    name: 'node',
    version,
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:lts:*:*:*`,
    ...(sha256 === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
    components: parts.map((part) => ({ ...part, 'bom-ref': `node/${part.name}` })),
  };
}

function npmComponent({ name, version, licence, homepage }: BundledPackage): object {
  const purl = npmPurl(name, version);
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ license: { id: licence } }],
    ...(homepage === '' ? {} : { externalReferences: [{ type: 'website', url: homepage }] }),
  };
}

/** RFC 9562, version 8: the bits that are free are a hash of all that follows. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export function makeSbom({ version, architecture, epoch, packages, nodeVersions, files }: SbomInput): string {
  const purl = `pkg:generic/wgospf@${version}?arch=${architecture}`;
  const unique = [...new Map(packages.map((p) => [npmPurl(p.name, p.version), p])).values()].sort(byName);
  const body = {
    version: 1,
    metadata: {
      timestamp: new Date(epoch * 1000).toISOString(),
      component: {
        type: 'application',
        'bom-ref': purl,
        name: 'wgospf',
        version,
        purl,
        licenses: [{ license: { id: 'MIT' } }],
      },
    },
    components: [nodeComponent(nodeVersions, files), ...unique.map(npmComponent)],
    dependencies: [{ ref: purl, dependsOn: ['node', ...unique.map((p) => npmPurl(p.name, p.version))] }],
  };
  const head = { bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: `urn:uuid:${uuidOf(JSON.stringify(body))}` };
  return `${JSON.stringify({ ...head, ...body }, null, 2)}\n`;
}
