// The contents of the package: every file with its path and mode.
import { execa } from 'execa';
import { globSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../bundle.ts';
import { documentPath, packagedPage } from './documents.ts';
import type { Entry } from './tree.ts';

export interface Texts {
  readonly copyright: string;
  readonly changelog: string;
  readonly sbom: string;
}

/** Stripped, as files on this machine. */
export interface Binaries {
  readonly node: string;
  readonly addon: string;
  /** `linux-x64` */
  readonly platform: string;
}

const DOC = 'usr/share/doc/wgospf';

/**
 * Replaces `#!/usr/bin/env node`. The two flags of V8 trade a little speed for memory (npm run bench -- idle prints it).
 * The operator sets NODE_OPTIONS, NODE_PATH and NODE_COMPILE_CACHE for other programs: they would change this one, and root would
 * run code from the operator's folders.
 */
export const SHEBANG: string =
  '#!/usr/bin/env -S -u NODE_OPTIONS -u NODE_PATH -u NODE_COMPILE_CACHE /usr/lib/wgospf/node ' +
  '--optimize-for-size --max-semi-space-size=1';

/** @param code wgospf.mjs, which begins with a line `#!` */
export function launched(code: Uint8Array): Uint8Array {
  const text = Buffer.from(code).toString('utf8');
  if (!text.startsWith('#!')) throw new Error('the bundle does not begin with #!');
  return Buffer.from(`${SHEBANG}${text.slice(text.indexOf('\n'))}`);
}

/** As `gzip -9n`: zlib stores no time. */
const compressed = (text: string): Uint8Array => gzipSync(text, { level: 9 });

async function documents(): Promise<Entry[]> {
  const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].sort();
  return Promise.all(
    pages.map(async (page) => ({
      path: join(DOC, documentPath(page) ?? page),
      text: packagedPage(page, await readFile(join(root, page), 'utf8')),
    })),
  );
}

/** packaging/man/build.ts writes them into a folder: `wgospf.8`, `wgospf-state.5`. */
async function manPages(): Promise<Entry[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wgospf-man-'));
  try {
    await execa(process.execPath, [join(root, 'packaging/man/build.ts'), folder]);
    const pages = (await readdir(folder)).sort();
    return await Promise.all(
      pages.map(async (page) => ({
        path: `usr/share/man/man${page.slice(-1)}/${page}.gz`,
        text: compressed(await readFile(join(folder, page), 'utf8')),
      })),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

const COMPLETIONS = [
  ['bash', 'usr/share/bash-completion/completions/wgospf'],
  ['zsh', 'usr/share/zsh/vendor-completions/_wgospf'],
  ['fish', 'usr/share/fish/vendor_completions.d/wgospf.fish'],
] as const;

/** The program's own output about itself. @param bundle a file that this machine's Node runs */
async function printed(bundle: string): Promise<Entry[]> {
  const print = async (...args: string[]): Promise<string> =>
    `${(await execa(process.execPath, [bundle, ...args])).stdout}\n`;
  return [
    { path: 'usr/share/wgospf/state.schema.json', text: await print('schema') },
    ...(await Promise.all(
      COMPLETIONS.map(async ([shell, path]) => ({ path, text: await print('completion', shell) })),
    )),
  ];
}

/** Keeps systemd-networkd from deleting foreign rules and routes; docs/adr/0029. */
export const networkdDropIns = (): Entry[] =>
  (
    [
      ['wgospf', 'rules'],
      ['wgospf-routes', 'routes'],
    ] as const
  ).map(([name, of]) => ({
    path: `usr/lib/systemd/networkd.conf.d/${name}.conf`,
    from: join(root, `packaging/deb/files/networkd-${of}.conf`),
    mode: 0o644,
  }));

/** The files that wgospf.mjs loads. @param bundle its path */
async function pieces(bundle: string): Promise<Entry[]> {
  const folder = join(dirname(bundle), 'lib');
  const names = (await readdir(folder)).sort();
  return names.map((name) => ({ path: `usr/lib/wgospf/lib/${name}`, from: join(folder, name) }));
}

/** @param bundle path of wgospf.mjs, with lib/ and its addons beside it */
export async function contents(bundle: string, binaries: Binaries, texts: Texts): Promise<Entry[]> {
  const own = (path: string, from: string, mode = 0o644): Entry => ({ path, from: join(root, from), mode });
  return [
    { path: 'etc/wgospf', folder: true, mode: 0o750 },
    { path: 'usr/bin/wgospf', link: '../lib/wgospf/wgospf.mjs' },
    { path: 'usr/lib/wgospf/node', from: binaries.node, mode: 0o755 },
    { path: 'usr/lib/wgospf/wgospf.mjs', text: launched(await readFile(bundle)), mode: 0o755 },
    ...(await pieces(bundle)),
    { path: `usr/lib/wgospf/prebuilds/${binaries.platform}/node.napi.node`, from: binaries.addon },
    ...['wgospf-guard', 'with-notify-socket'].map((script) =>
      own(`usr/lib/wgospf/${script}`, `systemd/${script}`, 0o755),
    ),
    ...[
      'wgospf.service',
      'wgospf-guard.service',
      'wgospf-netns@.service',
      'wgospf-inside@.service',
      'wgospf-bird@.service',
    ].map((unit) => own(`usr/lib/systemd/system/${unit}`, `systemd/${unit}`)),
    // the agent writes names into these folders, which iproute2 of Debian 13 does not install
    { path: 'etc/iproute2/rt_protos.d', folder: true },
    { path: 'etc/iproute2/rt_tables.d', folder: true },
    // after 99-systemd.rules, to remove its programs again
    own('usr/lib/udev/rules.d/99-wgospf.rules', 'packaging/deb/files/udev.rules'),
    own('usr/lib/sysusers.d/wgospf.conf', 'packaging/deb/files/sysusers.conf'),
    ...networkdDropIns(),
    own('usr/share/lintian/overrides/wgospf', 'packaging/deb/files/lintian-overrides'),
    own(`${DOC}/examples/state.yaml`, 'packaging/deb/files/state.yaml'),
    { path: `${DOC}/copyright`, text: texts.copyright },
    { path: `${DOC}/changelog.gz`, text: compressed(texts.changelog) },
    { path: `${DOC}/wgospf.cdx.json`, text: texts.sbom },
    ...(await documents()),
    ...(await manPages()),
    ...(await printed(bundle)),
  ];
}
