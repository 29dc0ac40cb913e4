// The .deb as `npm run package` makes it: the same bytes twice, no unwanted files in it, and lintian does not complain.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = new URL('../../', import.meta.url).pathname;
const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'wgospf-deb-')));
const [first = '', second = ''] = folders;
const deb = (folder: string, architecture: string): string => join(folder, `wgospf_9.8.7_${architecture}.deb`);

/** Packed in seconds: what xz makes of equal input is dpkg-deb's promise. */
const build = (out: string, more: { readonly umask: string; readonly env: Record<string, string> }) =>
  execa(
    'bash',
    [
      '-c',
      `umask ${more.umask}; exec "$@"`,
      'bash',
      process.execPath,
      'packaging/package.ts',
      '--fast',
      '--version=9.8.7',
      `--out=${out}`,
    ],
    { cwd: root, env: more.env },
  );

beforeAll(async () => {
  await build(first, { umask: '022', env: { SOURCE_DATE_EPOCH: '1700000000', TZ: 'UTC', LC_ALL: 'C' } });
  await build(second, { umask: '077', env: { SOURCE_DATE_EPOCH: '1700000000', TZ: 'Asia/Tokyo', LC_ALL: 'C.UTF-8' } });
}, 600_000);

afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

test.each(['amd64', 'arm64'])('%s built twice is the same', (architecture) => {
  expect(readFileSync(deb(first, architecture)).equals(readFileSync(deb(second, architecture)))).toBe(true);
});

/** `MODE OWNER PATH` of all files. */
async function listing(architecture: string): Promise<string[]> {
  const { stdout } = await execa('dpkg-deb', ['--contents', deb(first, architecture)]);
  const lines = stdout.split('\n').map((line) => line.split(/\s+/));
  return lines.map(([mode = '', owner = '', , , , path = '']) => `${mode} ${owner} ${path.slice(1)}`);
}

test.each([
  ['amd64', 'linux-x64'],
  ['arm64', 'linux-arm64'],
])('%s has everything that it needs to run, and one addon', async (architecture, platform) => {
  const files = await listing(architecture);
  expect(files).toEqual(
    expect.arrayContaining([
      'drwxr-x--- root/root /etc/wgospf/',
      'lrwxrwxrwx root/root /usr/bin/wgospf',
      '-rwxr-xr-x root/root /usr/lib/wgospf/node',
      '-rwxr-xr-x root/root /usr/lib/wgospf/wgospf.mjs',
      '-rwxr-xr-x root/root /usr/lib/wgospf/wgospf-guard',
      '-rw-r--r-- root/root /usr/lib/systemd/system/wgospf.service',
      '-rw-r--r-- root/root /usr/lib/systemd/system/wgospf-guard.service',
      '-rw-r--r-- root/root /usr/lib/systemd/system/wgospf-netns@.service',
      '-rw-r--r-- root/root /usr/lib/systemd/system/wgospf-inside@.service',
      '-rw-r--r-- root/root /usr/lib/systemd/system/wgospf-bird@.service',
      '-rw-r--r-- root/root /usr/share/wgospf/state.schema.json',
      '-rw-r--r-- root/root /usr/share/doc/wgospf/copyright',
    ]),
  );
  expect(files.filter((line) => line.endsWith('.node'))).toEqual([
    `-rw-r--r-- root/root /usr/lib/wgospf/prebuilds/${platform}/node.napi.node`,
  ]);
  const pieces = files.filter((line) => / \/usr\/lib\/wgospf\/lib\/./.test(line));
  expect(pieces.length).toBeGreaterThan(5);
  expect(pieces.filter((line) => !/^-rw-r--r-- root\/root .*-[A-Z0-9]{8}\.mjs$/.test(line))).toEqual([]);
  // dpkg asks about a file in /etc that was edited; ours are all written by the agent or the operator
  expect(files.filter((line) => / \/etc\/.*[^/]$/.test(line))).toEqual([]);
});

// An init script is asked for by Debian 12's lintian alone; to that of Debian 13 an override of that is one of nothing.
const NOT_ASKED = 'package-supports-alternative-init-but-no-init.d-script';

test('lintian reports nothing', async () => {
  const args = ['--allow-root', '--display-info', '--suppress-tags', NOT_ASKED, deb(first, 'amd64')];
  const { stdout } = await execa('lintian', args, { reject: false });
  expect(stdout).toBe('');
});

test('the program prints the version of the package', async () => {
  const tree = join(first, 'tree');
  await execa('dpkg-deb', ['--extract', deb(first, 'amd64'), tree]);
  const { stdout } = await execa(process.execPath, [join(tree, 'usr/lib/wgospf/wgospf.mjs'), '--version']);
  expect(stdout).toBe('9.8.7');
});
