// Which questions a kept snapshot asks again, row by row of the table in src/host/tellers.ts.
import { expect, it } from 'vitest';
import { keepSnapshot, type KeptSnapshot } from '../../src/host/kept-snapshot.ts';
import type { Touch } from '../../src/host/monitor-types.ts';
import type { HostReader } from '../../src/host/reader.ts';
import type { Host } from '../../src/host/types.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';

const KEY = '/etc/wgospf/keys/wg1.key';

/** Each question, in the words of the table. */
const questions: Readonly<Record<string, (host: HostReader) => Promise<unknown>>> = {
  links: ({ rtnl }) => rtnl.links(),
  addresses: ({ rtnl }) => rtnl.addresses(),
  'routes of 2': ({ rtnl }) => rtnl.routes({ table: 2 }),
  'routes of 87': ({ rtnl }) => rtnl.routes({ protocol: 87 }),
  rules: ({ rtnl }) => rtnl.rules(),
  lookUp: ({ rtnl }) => rtnl.lookUp([{ to: '192.0.2.1', from: undefined, iif: '' }]),
  device: ({ wg }) => wg.devices(['wg1']),
  devices: ({ wg }) => wg.devices(),
  userspace: ({ wg }) => wg.userspaceDevices(),
  sysctl: ({ sysctl }) => sysctl.read('net.ipv4.ip_forward'),
  nft: ({ nft }) => nft.list('inet wgospf'),
  key: ({ keys }) => keys.publicKeyOf(KEY),
  psk: ({ keys }) => keys.digestOf('/etc/wgospf/keys/wg1.psk'),
  read: ({ files }) => files.read('/etc/x/file'),
  stat: ({ files }) => files.stat('/etc/x/file'),
  link: ({ files }) => files.link('/etc/x/file'),
  list: ({ files }) => files.list('/etc/x'),
  above: ({ files }) => files.stat('/etc/x'),
  elsewhere: ({ files }) => files.read('/etc/y/file'),
  bird: ({ bird }) => bird.ask('/run/bird/bird.ctl', 'show status'),
  secrets: ({ birdSecrets }) => birdSecrets.state('/etc/x/secrets', []),
  notes: ({ notes }) => notes.all(),
  name: (host) => host.resolveName('node.example.net'),
  namespaces: ({ netns }) => netns.list(),
};

const WAYS = ['routes of 2', 'routes of 87', 'lookUp'];
const DEVICES = ['device', 'devices', 'userspace'];
const LINKS = ['links', 'addresses', ...WAYS, ...DEVICES, 'sysctl'];
const FILES = ['key', 'psk', 'read', 'stat', 'link', 'list', 'above', 'bird', 'secrets'];

function router(): { host: FakeHost; kept: KeptSnapshot } {
  const host = createFakeHost();
  host.run(
    'ip link add eth0 type veth\nip link set eth0 up\nip address add 192.0.2.9/24 dev eth0\nip link add wg1 type wireguard',
  );
  host.run(`wg genkey > ${KEY}`);
  const kept = keepSnapshot(host);
  kept.hears(true, '');
  return { host, kept };
}

/** The results that were made from the answer to each question, and are no longer valid. */
async function remade(kept: KeptSnapshot, of: object, anew = false): Promise<string[]> {
  const made: string[] = [];
  const look = kept.look(anew);
  for (const [name, ask] of Object.entries(questions)) {
    await look.made?.(name, of, async (reader) => {
      made.push(name);
      await ask(reader).catch(() => undefined);
    });
  }
  return made;
}

const touches: readonly (readonly [Touch, readonly string[]])[] = [
  [{ kind: 'link' }, LINKS],
  [{ kind: 'address' }, ['addresses', ...WAYS]],
  [{ kind: 'route', table: 2, protocol: 12 }, ['routes of 2', 'lookUp']],
  [{ kind: 'route', table: 254, protocol: 87 }, ['routes of 87', 'lookUp']],
  [{ kind: 'route', table: 254, protocol: 4 }, ['lookUp']],
  [{ kind: 'nexthop' }, WAYS],
  [{ kind: 'rule' }, ['rules', 'lookUp']],
  [{ kind: 'setting' }, ['lookUp', 'sysctl']],
];

it.each(touches)('%j of the kernel ends what it may have changed, and nothing else', async (touch, expected) => {
  const { kept } = router();
  await remade(kept, kept);
  expect(await remade(kept, kept)).toEqual([]);
  kept.touched(touch, '');
  expect(await remade(kept, kept)).toEqual(expected);
});

const address = {
  dev: 'eth0',
  prefix: { family: 4, address: '192.0.2.8', length: 24 },
  peer: undefined,
  protocol: 87,
} as const;
const route = {
  table: 2,
  type: 'unreachable',
  dst: { family: 4, address: '192.0.2.0', length: 24 },
  metric: 9,
  protocol: 87,
  dev: '',
  via: undefined,
} as const;
const own: Readonly<Record<string, readonly [(host: Host) => Promise<unknown>, readonly string[]]>> = {
  'a link that is made': [
    ({ rtnl }) => rtnl.addLink({ name: 'd0', kind: 'dummy', alias: '', mtu: undefined }),
    [...LINKS, 'rules'],
  ],
  'a link that is set': [({ rtnl }) => rtnl.setLink('eth0', { mtu: 1400 }), [...LINKS, 'rules']],
  'a link that is deleted': [({ rtnl }) => rtnl.deleteLink('wg1'), [...LINKS, 'rules']],
  'an address': [({ rtnl }) => rtnl.addAddress(address), ['addresses', ...WAYS]],
  'a route': [({ rtnl }) => rtnl.addRoute(route), WAYS],
  'a rule': [
    async ({ rtnl }) => rtnl.deleteRule((await rtnl.rules())[1] ?? expect.fail('no rules')),
    ['rules', 'lookUp'],
  ],
  'a device': [({ wg }) => wg.set('wg1', { listenPort: 9 }), DEVICES],
  'a key that is saved': [({ wg }) => wg.set('wg1', { privateKeyFile: KEY }), DEVICES],
  'a setting': [({ sysctl }) => sysctl.write('net.ipv4.ip_forward', '1'), ['addresses', ...WAYS, 'sysctl']],
  nftables: [({ nft }) => nft.run('add table inet wgospf'), ['nft']],
  'a key': [({ keys }) => keys.generate('/etc/x/new.key'), FILES],
  'a file': [({ files }) => files.write('/etc/x/other', ''), FILES],
  'a file that is removed': [({ files }) => files.remove('/etc/x/other'), FILES],
  'a command to BIRD': [({ bird }) => bird.command('/run/bird/bird.ctl', 'configure'), ['bird', 'secrets']],
  passwords: [({ birdSecrets }) => birdSecrets.write('/etc/x/secrets', [], 'root'), FILES],
  'a note': [({ notes }) => notes.note('a', 'b'), ['notes']],
  'a note that is dropped': [({ notes }) => notes.forget('a'), ['notes']],
  'a namespace': [({ netns }) => netns.add('mesh'), Object.keys(questions)],
  'what fails': [({ rtnl }) => rtnl.deleteLink('eth7').catch(() => undefined), Object.keys(questions)],
};

it.each(Object.entries(own))('an operation of ours ends what it may have changed: %s', async (_, [run, expected]) => {
  const { kept } = router();
  await remade(kept, kept);
  await run(kept.host);
  expect((await remade(kept, kept)).toSorted()).toEqual([...expected].toSorted());
});

it('a look that asks anew does so for all that nobody tells of', async () => {
  const { kept } = router();
  await remade(kept, kept);
  const heard = ['links', 'addresses', 'routes of 2', 'routes of 87', 'rules', 'lookUp'];
  expect(await remade(kept, kept, true)).toEqual(Object.keys(questions).filter((name) => !heard.includes(name)));
});

it('an answer that nobody told of and that is another when it is asked again ends what was made of it', async () => {
  const { host, kept } = router();
  await remade(kept, kept);
  host.state.notes.set('by', 'hand');
  await kept.look(false).notes.all();
  expect(await remade(kept, kept)).toEqual(['notes']);
});

it('a device whose handshake changed keeps what was made of it', async () => {
  const { host, kept } = router();
  host.run('wg set wg1 peer Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk= allowed-ips 0.0.0.0/0');
  await remade(kept, kept);
  for (const peer of host.state.wg.get('wg1')?.peers.values() ?? []) peer.latestHandshake = 7;
  await kept.look(false).wg.devices(['wg1']);
  expect(await remade(kept, kept)).toEqual([]);
});

it('within one look nothing changes', async () => {
  const { host, kept } = router();
  const look = kept.look(false);
  const before = await look.rtnl.links();
  host.run('ip link add d0 type dummy');
  kept.touched({ kind: 'link' }, '');
  expect(await look.rtnl.links()).toBe(before);
  expect(await kept.look(false).rtnl.links()).toHaveLength(before.length + 1);
});

it('an answer that was under way when somebody told of it is asked for again', async () => {
  const { kept } = router();
  const asked = kept.look(false).rtnl.links();
  kept.touched({ kind: 'link' }, '');
  const before = await asked;
  expect(await kept.look(false).rtnl.links()).not.toBe(before);
});

it('an error is asked for again', async () => {
  const { host, kept } = router();
  host.failNext('rtnl.rules', 'EIO');
  await expect(kept.look(false).rtnl.rules()).rejects.toMatchObject({ code: 'EIO' });
  expect(await kept.look(false).rtnl.rules()).not.toEqual([]);
});

it('where nobody listens, every look asks again', async () => {
  const { kept } = router();
  kept.hears(false, '');
  const before = await kept.look(false).rtnl.links();
  expect(await kept.look(false).rtnl.links()).not.toBe(before);
});

it('a namespace is heard by itself, and another one of its name not at all', async () => {
  const { host, kept } = router();
  await host.netns.add('mesh');
  kept.hears(true, 'mesh');
  const links = async (): Promise<unknown> => (await kept.look(false).netns.enter('mesh'))?.rtnl.links();
  const before = await links();
  kept.touched({ kind: 'link' }, '');
  expect(await links()).toBe(before);
  kept.touched({ kind: 'link' }, 'mesh');
  const after = await links();
  expect(after).not.toBe(before);
  await host.netns.delete('mesh');
  await host.netns.add('mesh');
  const other = await links();
  expect(other).not.toBe(after);
  expect(await links()).not.toBe(other);
});
