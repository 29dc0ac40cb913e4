// npm run package: dist/wgospf_VERSION_ARCHITECTURE.deb and its bill of materials, for amd64 and arm64, on a machine of either.
// Equal sources, Node and tools give equal bytes. Options:
//   --arch amd64|arm64    only this one
//   --version 0.1.1       another version than that of package.json (the program prints it, too)
//   --out FOLDER          another folder than dist
//   --fast                compressed by gzip in seconds: for tests
import { execa } from 'execa';
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { makeBundle, root } from './bundle.ts';
import { readBundledPackage, type BundledPackage } from './deb/bundled-package.ts';
import { makeChangelog } from './deb/changelog.ts';
import { contents, type Binaries } from './deb/contents.ts';
import { makeControl } from './deb/control.ts';
import { controlFiles } from './deb/control-files.ts';
import { makeCopyright } from './deb/copyright.ts';
import { readElf } from './deb/elf.ts';
import { libraryDepends } from './deb/library-depends.ts';
import { nodePackage, platformOf, strip, type Architecture } from './deb/node-package.ts';
import { makeSbom } from './deb/sbom.ts';
import { sizeOf, writeTree } from './deb/tree.ts';

const ARCHITECTURES: readonly Architecture[] = ['amd64', 'arm64'];
/** No address reaches all contributors; the repository has a tracker. */
const MAINTAINER = 'wgospf contributors <wgospf@localhost.invalid>';

interface Job {
  readonly architecture: Architecture;
  readonly version: string;
  /** seconds since 1970: the modification time of every file */
  readonly epoch: number;
  readonly out: string;
  readonly fast: boolean;
  /** wgospf.mjs with lib/ and prebuilds/ beside it */
  readonly bundle: string;
  readonly packages: readonly BundledPackage[];
  /** a folder for this job only */
  readonly work: string;
}

const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

/** SOURCE_DATE_EPOCH, or the time of the last commit. */
async function sourceDate(): Promise<number> {
  const said =
    process.env['SOURCE_DATE_EPOCH'] ?? (await execa('git', ['log', '-1', '--format=%ct'], { cwd: root })).stdout;
  const epoch = Number(said);
  if (said === '' || !Number.isSafeInteger(epoch))
    throw new Error(`SOURCE_DATE_EPOCH is "${said}", and no whole number`);
  return epoch;
}

async function binaries({ architecture, work, bundle }: Job, nodeFolder: string): Promise<Binaries> {
  const platform = platformOf(architecture);
  const [node, addon] = [join(work, 'node'), join(work, 'addon')];
  await strip(architecture, join(nodeFolder, 'bin/node'), node);
  await strip(architecture, join(bundle, '../prebuilds', platform, 'node.napi.node'), addon);
  return { node, addon, platform };
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

interface Made {
  readonly deb: string;
  readonly bytes: number;
  readonly installedKiB: number;
}

async function makeDeb(job: Job): Promise<Made> {
  const { architecture, version, epoch, packages, work, out } = job;
  const nodeFolder = await nodePackage(architecture);
  const made = await binaries(job, nodeFolder);
  const [node, addon] = [await readFile(made.node), await readFile(made.addon)];
  const nodeVersion = (JSON.parse(await readFile(join(nodeFolder, 'package.json'), 'utf8')) as { version: string })
    .version;
  if (nodeVersion !== process.versions.node)
    throw new Error(`Node ${nodeVersion} is packed by Node ${process.versions.node}`);
  const sbom = makeSbom({
    ...{ version, architecture, epoch, packages },
    nodeVersions: process.versions as Record<string, string>,
    files: { 'usr/lib/wgospf/node': sha256(node) },
  });
  const licenceText = await readFile(join(nodeFolder, 'LICENSE'), 'utf8');
  const entries = await contents(job.bundle, made, {
    sbom,
    copyright: makeCopyright({ own: await read('LICENSE'), packages, node: { version: nodeVersion, licenceText } }),
    changelog: makeChangelog({ text: await read('CHANGELOG.md'), version, epoch, maintainer: MAINTAINER }),
  });
  const tree = join(work, 'tree');
  await writeTree(tree, entries, epoch);
  const installedKiB = await sizeOf(tree);
  const libraries = libraryDepends([readElf(node), readElf(addon)]);
  const control = makeControl({
    version,
    architecture,
    maintainer: MAINTAINER,
    libraries,
    installedSize: installedKiB,
  });
  await writeTree(join(tree, 'DEBIAN'), await controlFiles(control, tree), epoch);
  const deb = join(out, `wgospf_${version}_${architecture}.deb`);
  await execa(
    'dpkg-deb',
    ['--root-owner-group', '--build', ...(job.fast ? ['-Zgzip', '-z1'] : ['-Zxz', '-z9']), tree, deb],
    { env: { SOURCE_DATE_EPOCH: String(epoch) }, stdout: 'ignore' },
  );
  await writeFile(join(out, `wgospf_${version}_${architecture}.cdx.json`), sbom);
  return { deb, bytes: (await readFile(deb)).length, installedKiB };
}

/** Under sudo, files written into the checkout keep the checkout's owner. */
async function give(paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const inside = [...globSync([...paths]), ...globSync('.cache/node', { cwd: root }).map((path) => join(root, path))];
  await execa('chown', ['-R', `--reference=${join(root, 'package.json')}`, ...inside]);
}

function readOptions(): { architectures: readonly Architecture[]; version?: string; out: string; fast: boolean } {
  const { values } = parseArgs({
    options: {
      arch: { type: 'string' },
      version: { type: 'string' },
      out: { type: 'string', default: join(root, 'dist') },
      fast: { type: 'boolean', default: false },
    },
  });
  const { arch, version, out, fast } = values;
  const architectures = ARCHITECTURES.filter((one) => arch === undefined || arch === one);
  if (architectures.length === 0) throw new Error(`--arch is ${ARCHITECTURES.join(' or ')}`);
  if (version !== undefined && !/^\d[\w.+~-]*$/.test(version))
    throw new Error(`"${version}" is no version of a package`);
  return { architectures, out, fast, ...(version === undefined ? {} : { version }) };
}

async function main(): Promise<void> {
  const { architectures, version: asked, out, fast } = readOptions();
  const version = asked ?? (JSON.parse(await read('package.json')) as { version: string }).version;
  const epoch = await sourceDate();
  const work = await mkdtemp(join(tmpdir(), 'wgospf-package-'));
  try {
    const { files, packages: folders } = await makeBundle(asked === undefined ? {} : { version });
    const packages = await Promise.all(folders.map((folder) => readBundledPackage(root, folder)));
    const bundle = join(work, 'bundle/wgospf.mjs');
    await cp(join(root, 'node_modules/netlink/prebuilds'), join(work, 'bundle/prebuilds'), { recursive: true });
    await mkdir(join(work, 'bundle/lib'));
    for (const [name, content] of files) await writeFile(join(work, 'bundle', name), content);
    await mkdir(out, { recursive: true });
    const made = await Promise.all(
      architectures.map(async (architecture) => {
        const own = join(work, architecture);
        await mkdir(own);
        return makeDeb({ architecture, version, epoch, out, fast, bundle, packages, work: own });
      }),
    );
    await give(made.map(({ deb }) => deb.replace(/deb$/, '*')));
    for (const { deb, bytes, installedKiB } of made) {
      const [packed, installed] = [(bytes / 1e6).toFixed(1), ((installedKiB * 1024) / 1e6).toFixed(1)];
      console.log(`${relative(process.cwd(), deb)}  ${packed} MB, ${installed} MB installed`);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await main().catch((error: unknown) => {
  console.error(`wgospf: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
