// The state file and its key files on a host: unreadable, too big, or open to others.
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../src/config/diagnostic.ts';
import { loadModel } from '../../src/config/load.ts';
import type { LoadedModel } from '../../src/config/load.ts';
import { renderResolved } from '../../src/model/render-resolved.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { HostError } from '../../src/host/error.ts';
import type { FileStat } from '../../src/host/types.ts';
import { expectGolden } from './golden.ts';

const PATH = '/etc/wgospf/state.yaml';
const PEER = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=';
const STATE = `version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.70.0.0/16]}
tunnels:
  wg222:
    address: 10.70.89.0/31
    listenPort: 51825
    peer:
      publicKey: ${PEER}
      presharedKeyFile: keys/wg222.psk
`;

const OTHER = 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=';
const SECOND = `  wg333:
    address: 10.70.89.2/31
    listenPort: 51826
    peer: {publicKey: ${PEER}}
`;

interface Disk {
  readonly text?: string | Error | undefined;
  readonly stat?: Partial<FileStat> | Error;
  readonly keys?: Readonly<Record<string, Partial<FileStat> | Error>>;
  readonly publicKey?: string | Error;
  readonly state?: string;
  /** the user as whom a BIRD that is down will run */
  readonly birdUser?: { readonly uid: number; readonly gid: number };
  /** other files by their paths; folders have no text */
  readonly files?: Readonly<Record<string, Partial<FileStat> & { readonly text?: string }>>;
}

const PRIVATE: FileStat = { mode: 0o600, uid: 0, gid: 0, size: 45, mtime: 0 };

const hostError = (operation: string, code: string, detail: string): HostError =>
  new HostError({ operation, code, detail });

const answer = <T>(value: T | Error): Promise<T> =>
  value instanceof Error ? Promise.reject(value) : Promise.resolve(value);

interface Run extends LoadedModel {
  /** files whose contents were read, in order */
  readonly read: string[];
}

async function load(disk: Disk): Promise<Run> {
  const read: string[] = [];
  const keys = disk.keys ?? { 'wg222.psk': {} };
  const files = {
    read: (path: string): Promise<string | undefined> => {
      read.push(path);
      const other = disk.files?.[path]?.text;
      if (other !== undefined) return answer(other);
      return answer('text' in disk ? disk.text : STATE);
    },
    list: (folder: string): Promise<string[]> =>
      answer(
        Object.keys(disk.files ?? {})
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1)),
      ),
    stat: (path: string): Promise<FileStat | undefined> => {
      if (path === PATH) {
        const stat = disk.stat ?? { mode: 0o644, size: 300 };
        return answer(
          'text' in disk && disk.text === undefined
            ? undefined
            : stat instanceof Error
              ? stat
              : { ...PRIVATE, ...stat },
        );
      }
      const other = disk.files?.[path];
      if (other !== undefined) return answer({ ...PRIVATE, ...other });
      const found = Object.entries(keys).find(([name]) => path === `/etc/wgospf/keys/${name}`)?.[1];
      return answer(found === undefined || found instanceof Error ? found : { ...PRIVATE, ...found });
    },
  };
  const publicKeyOf = (): Promise<string | undefined> => answer<string | undefined>(disk.publicKey);
  const loaded = await loadModel(
    PATH,
    files,
    { ipv6: true, kernelWireguard: true, birdUser: disk.birdUser },
    publicKeyOf,
  );
  return { ...loaded, read };
}

const PASSWORD = '/etc/wgospf/keys/wg222.ospf';
const withPassword = (words: string): string =>
  `${STATE}    ospf: {authentication: {${words}passwordFile: keys/wg222.ospf}}\n`;

const INCLUDE = `${STATE}bird: {include: /etc/wgospf/bird.d/*.conf, ospf: {export: {filter: to_mesh}}}\n`;
const SNIPPET = { mode: 0o644, text: 'filter to_mesh { accept; }\n' };
/** BIRD runs as user 107, and a folder of wgospf is closed to others. */
const BIRD = { '/run/bird/bird.ctl': { uid: 107, gid: 114, mode: 0o660 } };
const FOLDERS = { '/etc': { mode: 0o755 }, '/etc/wgospf': { mode: 0o755 }, '/etc/wgospf/bird.d': { mode: 0o755 } };

const denied = hostError(`stat ${PATH}`, 'EACCES', 'permission denied');

const faulty: Readonly<Record<string, Disk>> = {
  'missing-file': { text: undefined },
  'unreadable-file': { text: denied },
  'unreachable-file': { stat: denied },
  folder: { text: hostError(`read ${PATH}`, 'EISDIR', 'illegal operation on a directory, read') },
  'broken-disk': { text: hostError(`read ${PATH}`, 'EIO', 'i/o error, read') },
  'fifty-megabytes': { stat: { size: 50 * 1024 * 1024 } },
  'not-utf8': { text: STATE.replace('wg222:', 'wg\ufffd\ufffd:') },
  'private-key-world-readable': { keys: { 'wg222.key': { mode: 0o644 }, 'wg222.psk': {} } },
  'private-key-group-writable': { keys: { 'wg222.key': { mode: 0o660 }, 'wg222.psk': {} } },
  'private-key-not-roots': { keys: { 'wg222.key': { uid: 1000 }, 'wg222.psk': {} } },
  'private-key-unreachable': {
    keys: { 'wg222.key': hostError('stat key', 'EACCES', 'permission denied'), 'wg222.psk': {} },
  },
  'private-key-is-none': { publicKey: hostError('read key', 'EINVAL', 'it does not hold a WireGuard key') },
  'preshared-key-missing': { keys: {} },
  'preshared-key-world-readable': { keys: { 'wg222.psk': { mode: 0o604 } } },
  'password-missing': { text: withPassword('') },
  'password-world-readable': { text: withPassword(''), files: { [PASSWORD]: { mode: 0o644, text: 'hidden word\n' } } },
  'password-empty': { text: withPassword(''), files: { [PASSWORD]: { text: '\n' } } },
  'password-two-lines': { text: withPassword(''), files: { [PASSWORD]: { text: 'hidden\nword\n' } } },
  'password-quote': { text: withPassword(''), files: { [PASSWORD]: { text: 'hidden"word\n' } } },
  'password-simple-long': { text: withPassword('type: simple, '), files: { [PASSWORD]: { text: 'hidden wo' } } },
  'password-md5-long': {
    text: withPassword('algorithm: md5, '),
    files: { [PASSWORD]: { text: 'hidden word hidden' } },
  },
  'snippet-folder-missing': { text: INCLUDE },
  'snippet-folder-closed': {
    text: INCLUDE,
    files: { ...BIRD, ...FOLDERS, '/etc/wgospf': { mode: 0o750 }, '/etc/wgospf/bird.d/a.conf': SNIPPET },
  },
  'snippet-closed': {
    text: INCLUDE,
    files: { ...BIRD, ...FOLDERS, '/etc/wgospf/bird.d/a.conf': { ...SNIPPET, mode: 0o640 } },
  },
  'snippet-filter-commented-out': {
    text: INCLUDE,
    files: { ...BIRD, ...FOLDERS, '/etc/wgospf/bird.d/a.conf': { ...SNIPPET, text: '# filter to_mesh { accept; }\n' } },
  },
  'own-key-as-peer': { publicKey: PEER },
  'own-key-of-another-tunnel': {
    text: `${STATE.replace(PEER, OTHER)}${SECOND}`,
    publicKey: PEER,
  },
  'open-key-in-a-faulty-file': {
    text: STATE.replace('listenPort: 51825', 'listenPort: 0'),
    keys: { 'wg222.key': { mode: 0o777 }, 'wg222.psk': {} },
  },
  'shared-key-world-readable': {
    text: `${STATE}wireguard: {privateKeyFile: keys/all.key}\n`,
    keys: { 'all.key': { mode: 0o666 }, 'wg222.psk': {} },
  },
};

describe('loading a state file', () => {
  it.each(Object.entries(faulty))('refuses %s', async (name, disk) => {
    const { model, diagnostics, text } = await load(disk);
    expect(model).toBeUndefined();
    expectGolden(`${formatDiagnostics(diagnostics, text)}\n`, new URL(`load/${name}.txt`, import.meta.url));
  });

  it('does not read a file that is too large', async () => {
    const { read } = await load({ stat: { size: 50 * 1024 * 1024 } });
    expect(read).toEqual([]);
  });

  it('never reads a key file', async () => {
    const { read, model } = await load({ keys: { 'wg222.key': {}, 'wg222.psk': { mode: 0o640 } } });
    expect(read).toEqual([PATH]);
    expect(model?.tunnels[0]?.peer.presharedKeyFile).toBe('/etc/wgospf/keys/wg222.psk');
  });

  it('accepts a private key file that does not exist yet', async () => {
    const { model, diagnostics } = await load({ keys: { 'wg222.psk': {} } });
    expect(diagnostics).toEqual([]);
    expect(model?.tunnels[0]?.privateKeyFile).toBe('/etc/wgospf/keys/wg222.key');
  });

  it('contains no password, only the constant that replaces it', async () => {
    const { model, diagnostics } = await load({
      text: withPassword(''),
      files: { [PASSWORD]: { text: 'hidden word\n' } },
    });
    expect(diagnostics).toEqual([]);
    if (model === undefined) throw new Error('no model');
    expect(model.bird.secrets).toEqual([{ constant: 'wgospf_password_wg222', file: PASSWORD }]);
    const shown = [JSON.stringify(model), renderResolved(model), renderBirdConf(model), renderBirdConf(model, '1.6')];
    expect(shown.join('\n')).not.toContain('hidden');
    expect(renderBirdConf(model)).toContain('password wgospf_password_wg222 { id 1; algorithm hmac sha256; };');
  });

  it('changes the generation when a snippet changes', async () => {
    const file = '/etc/wgospf/bird.d/a.conf';
    const conf = async (text: string): Promise<string> => {
      const { model } = await load({ text: INCLUDE, files: { ...BIRD, ...FOLDERS, [file]: { ...SNIPPET, text } } });
      if (model === undefined) throw new Error('no model');
      expect(model.bird.snippets.map((snippet) => snippet.file)).toEqual([file]);
      return renderBirdConf(model);
    };
    const [before, after] = [await conf(SNIPPET.text), await conf(`${SNIPPET.text}# a word more\n`)];
    expect(after).not.toBe(before);
    expect(await conf(SNIPPET.text)).toBe(before);
  });

  it("refuses an unreadable snippet while BIRD is down, with the user from BIRD's package", async () => {
    const files = { ...FOLDERS, '/etc/wgospf': { mode: 0o750 }, '/etc/wgospf/bird.d/a.conf': SNIPPET };
    const { model, diagnostics } = await load({ text: INCLUDE, files, birdUser: { uid: 107, gid: 114 } });
    expect(model).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'snippet-unreadable', hint: 'run: chmod o+x /etc/wgospf' }]);
    expect((await load({ text: INCLUDE, files, birdUser: { uid: 0, gid: 0 } })).diagnostics).toEqual([]);
  });

  it('accepts snippets while BIRD is down and its user is not known', async () => {
    const files = { '/etc/wgospf': { mode: 0o700 }, '/etc/wgospf/bird.d/a.conf': { ...SNIPPET, mode: 0o600 } };
    expect((await load({ text: INCLUDE, files })).diagnostics).toEqual([]);
  });

  it('passes on an error that is not an answer of the host', async () => {
    await expect(load({ text: new TypeError('a fault of ours') })).rejects.toThrow('a fault of ours');
  });
});
