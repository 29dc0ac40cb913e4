// Compares what we read and set in WireGuard with `wg`. wireguard-go passes these checks in a namespace
// (host-wireguard-dump.test.ts), the kernel's WireGuard in a virtual machine (test/vm/guest-programs/kernel-wireguard.ts).
import { randomBytes } from 'node:crypto';
import { deepEqual, equal, notEqual, ok, rejects } from 'node:assert/strict';
import type { Rtnetlink, WgChange, WgDevice, WgDeviceConfig, WgSetup, Wireguard } from '../../../src/host/types.ts';
import { derivePublicKey, newPrivateKey } from '../../../src/host/wg/key.ts';
import { setArguments } from '../../../src/host/wg/set-arguments.ts';
import { compareText } from '../../../src/net/compare-text.ts';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import { eventually } from './eventually.ts';
import { parseDump } from './parse-dump.ts';

export interface WireguardLab {
  readonly wg: Wireguard;
  readonly rtnl: Pick<Rtnetlink, 'setLink'>;
  /** makes a new device, down and without a configuration; `remove` deletes it */
  readonly make: (dev: string) => Promise<void>;
  readonly remove: (dev: string) => Promise<void>;
  /** standard output of a bash script */
  readonly sh: (script: string) => Promise<string>;
  /** programs that the product has started */
  readonly forks: () => Promise<number>;
}

export interface WireguardCheck {
  readonly name: string;
  readonly run: (lab: WireguardLab) => Promise<void>;
}

const prefix = (text: string): Prefix => {
  const p = parsePrefix(text);
  if (p === undefined) throw new Error(`not a prefix: ${text}`);
  return p;
};

const many: readonly Prefix[] = Array.from({ length: 1000 }, (_, i) => prefix(`10.${i >> 8}.${i & 255}.0/24`));

interface Key {
  readonly file: string;
  readonly publicKey: string;
}

/** Made in this process: in an emulated machine each program takes a fifth of a second. */
async function keyFile({ sh }: WireguardLab, key: string): Promise<string> {
  const file = `/run/wireguard-check-${Math.random()}`;
  await sh(`umask 077; echo ${key} >${file}`);
  return file;
}

async function key(lab: WireguardLab): Promise<Key> {
  const secret = newPrivateKey();
  return { file: await keyFile(lab, secret), publicKey: derivePublicKey(secret) };
}

const psk = (lab: WireguardLab): Promise<string> => keyFile(lab, randomBytes(32).toString('base64'));

/** All devices as `wg` reads them. */
const dumped = async ({ sh }: WireguardLab): Promise<WgDevice[]> => parseDump(await sh('wg show all dump'));

/** wireguard-go lists its peers in another order each time. */
const sorted = (devices: readonly WgDevice[]): WgDevice[] =>
  devices
    .map((device) => ({ ...device, peers: device.peers.toSorted((a, b) => compareText(a.publicKey, b.publicKey)) }))
    .sort((a, b) => compareText(a.name, b.name));

/** `wg`'s output for a device after `script`, without counters. */
const described = async ({ sh }: WireguardLab, dev: string, script = ''): Promise<string> =>
  (await sh(`${script}\nwg show ${dev} dump`)).replaceAll(/\t\d+\t\d+\t\d+\t(\w+)$/gm, '\t$1');

const config = (own: Key, far: Key, peer: Partial<WgDeviceConfig['peer']> = {}): WgDeviceConfig => ({
  ...{ privateKeyFile: own.file, listenPort: 51825 },
  peer: {
    ...{ publicKey: far.publicKey, presharedKeyFile: undefined, endpoint: undefined, persistentKeepalive: 0 },
    ...{ allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')], ...peer },
  },
});

export async function withDevices(lab: WireguardLab, devs: readonly string[], use: () => Promise<void>): Promise<void> {
  for (const dev of devs) await lab.make(dev);
  try {
    await use();
  } finally {
    for (const dev of devs) await lab.remove(dev);
  }
}

const reads: WireguardCheck = {
  name: 'a device is read as wg reads it, with many peers, many allowed IPs and every kind of endpoint',
  run: (lab) =>
    withDevices(lab, ['wgc1', 'wgc2'], async () => {
      const [own, shared] = [await key(lab), await psk(lab)];
      const peer = (...lines: string[]): string =>
        ['[Peer]', `PublicKey = ${randomBytes(32).toString('base64')}`, ...lines, ''].join('\n');
      const ips = many.map(({ address, length }) => `${address}/${length}`).join(', ');
      const text = [
        `[Interface]\nPrivateKey = $(cat ${own.file})\nListenPort = 51825\nFwMark = 0xca6c\n`,
        peer(`AllowedIPs = ${ips}, 2001:db8::/32`, 'PersistentKeepalive = 25'),
        peer(`PresharedKey = $(cat ${shared})`, 'Endpoint = [fe80::1%lo]:51825'),
        peer('Endpoint = 192.0.2.1:1', 'AllowedIPs = 192.168.0.0/16'),
        peer('Endpoint = [2001:db8::1]:65535', 'AllowedIPs = fd00::/8, 172.16.0.0/12'),
        ...Array.from({ length: 60 }, (_, i) => peer(`AllowedIPs = 172.31.${i}.0/24`)),
      ].join('\n');
      await lab.sh(
        `umask 077; cat >/run/wireguard-check.conf <<E\n${text}\nE\nwg setconf wgc1 /run/wireguard-check.conf`,
      );
      const read = await lab.wg.devices(['wgc1', 'wgc2']);
      deepEqual(read.map(({ name, peers }) => [name, peers.length]).sort(), [
        ['wgc1', 64],
        ['wgc2', 0],
      ]);
      deepEqual(sorted(read), sorted((await dumped(lab)).filter(({ name }) => name.startsWith('wgc'))));
      const secret = (await lab.sh(`cat ${own.file}`)).trim();
      ok(!JSON.stringify(read).includes(secret));
    }),
};

const setups: WireguardCheck = {
  name: 'both ways of configuration give the same device',
  async run(lab) {
    const [own, far, other, shared] = [await key(lab), await key(lab), await key(lab), await psk(lab)];
    const peer = { presharedKeyFile: shared, endpoint: '[fe80::1%lo]:51825', persistentKeepalive: 25 };
    const made = async (setup: WgSetup): Promise<string> => {
      let text = '';
      await withDevices(lab, ['wgc1'], async () => {
        // an earlier mark and peer, which both remove
        await lab.sh(`wg set wgc1 fwmark 5 peer ${other.publicKey}`);
        await lab.wg.setconf('wgc1', config(own, far, { ...peer, allowedIPs: [...many, prefix('::/0')] }), setup);
        text = await described(lab, 'wgc1');
      });
      return text;
    };
    const byNetlink = await made('netlink');
    equal(byNetlink, await made('wg'));
    equal(byNetlink.trim().split('\n').length, 2);
  },
};

const changes: WireguardCheck = {
  name: 'every change gives the same as wg set',
  run: (lab) =>
    withDevices(lab, ['wgc1', 'wgc2'], async () => {
      const [own, far, next, shared] = [await key(lab), await key(lab), await key(lab), await psk(lab)];
      const publicKey = far.publicKey;
      const steps: WgChange[] = [
        { peer: { publicKey, endpoint: '198.51.100.7:1' } },
        { peer: { publicKey, endpoint: '[fe80::2%lo]:2', presharedKeyFile: shared, persistentKeepalive: 25 } },
        { peer: { publicKey, presharedKeyFile: '', persistentKeepalive: 0 } },
        { peer: { publicKey, allowedIPs: many.slice(0, 100) } },
        { peer: { publicKey, allowedIPs: [] } },
        { privateKeyFile: (await key(lab)).file },
        { removePeers: [publicKey], peer: { publicKey: next.publicKey, allowedIPs: [prefix('0.0.0.0/0')] } },
      ];
      await lab.wg.setconf('wgc1', config(own, far), 'wg');
      await lab.wg.setconf('wgc2', { ...config(own, far), listenPort: 51826 }, 'wg');
      let before = '';
      for (const [i, step] of steps.entries()) {
        await lab.wg.set('wgc1', step);
        const command = ['wg', ...setArguments('wgc2', step).map((word) => `'${word}'`)].join(' ');
        const [ours = '', theirs = ''] = (await described(lab, 'wgc2', `${command}; wg show wgc1 dump; echo --`)).split(
          '--\n',
        );
        equal(ours, theirs.replace('51826', '51825'), `step ${i}`);
        notEqual(ours, before);
        before = ours;
      }
    }),
};

const session: WireguardCheck = {
  name: 'a live session survives every change of its fields',
  run: (lab) =>
    withDevices(lab, ['wgc1', 'wgc2'], async () => {
      const [one, two, shared] = [await key(lab), await key(lab), await psk(lab)];
      const alive = (port: number): Partial<WgDeviceConfig['peer']> => ({
        ...{ endpoint: `127.0.0.1:${port}`, persistentKeepalive: 1 },
      });
      await lab.wg.setconf('wgc1', config(one, two, alive(51826)), 'netlink');
      await lab.wg.setconf('wgc2', { ...config(two, one, alive(51825)), listenPort: 51826 }, 'netlink');
      for (const dev of ['wgc1', 'wgc2']) await lab.rtnl.setLink(dev, { up: true });
      const handshake = async (): Promise<number> =>
        (await lab.wg.devices(['wgc1']))[0]?.peers[0]?.latestHandshake ?? 0;
      const shaken = await eventually(async () => {
        const at = await handshake();
        ok(at > 0, 'no handshake yet');
        return at;
      });
      const publicKey = two.publicKey;
      await lab.wg.set('wgc1', { peer: { publicKey, persistentKeepalive: 2 } });
      await lab.wg.set('wgc1', { peer: { publicKey, allowedIPs: many.slice(0, 100) } });
      await lab.wg.set('wgc1', { peer: { publicKey, endpoint: '127.0.0.2:51826' } });
      await lab.wg.set('wgc1', { peer: { publicKey, presharedKeyFile: shared } });
      equal(await handshake(), shaken);
      equal((await lab.sh('wg show wgc1 latest-handshakes')).trim(), `${publicKey}\t${shaken}`);
    }),
};

const hub = Array.from({ length: 20 }, (_, i) => `wgc${i + 1}`);

const forkless: WireguardCheck = {
  name: 'without wg a look, a change and twenty new devices start no program',
  run: (lab) =>
    withDevices(lab, hub, async () => {
      const [own, far, shared] = [await key(lab), await key(lab), await psk(lab)];
      const before = await lab.forks();
      const complete = { ...config(own, far, { presharedKeyFile: shared }), listenPort: 0 };
      await Promise.all(hub.map((dev) => lab.wg.setconf(dev, complete, 'netlink')));
      await Promise.all(
        hub.map((dev) => lab.wg.set(dev, { peer: { publicKey: far.publicKey, persistentKeepalive: 7 } })),
      );
      const read = sorted(await lab.wg.devices(hub));
      equal(await lab.forks(), before);
      deepEqual(
        read.map(({ publicKey, peers }) => [publicKey, peers[0]?.persistentKeepalive]),
        hub.map(() => [own.publicKey, 7]),
      );
      deepEqual(read, sorted((await dumped(lab)).filter(({ name }) => name.startsWith('wgc'))));
    }),
};

const refused: WireguardCheck = {
  name: 'a missing device is ENODEV, a used port EADDRINUSE, and no error contains a key',
  run: (lab) =>
    withDevices(lab, ['wgc1', 'wgc2'], async () => {
      const [own, far, shared] = [await key(lab), await key(lab), await psk(lab)];
      const complete = config(own, far, { presharedKeyFile: shared });
      const errors: unknown[] = [];
      const code = (expected: string) => (error: unknown) => {
        errors.push(error);
        return (error as { code?: string }).code === expected;
      };
      for (const setup of ['wg', 'netlink'] as const)
        await rejects(lab.wg.setconf('none', complete, setup), code('ENODEV'));
      await rejects(lab.wg.set('lo', { listenPort: 51825, privateKeyFile: own.file }), code('ENODEV'));
      for (const dev of ['wgc1', 'wgc2']) await lab.rtnl.setLink(dev, { up: true });
      await lab.wg.setconf('wgc1', complete, 'netlink');
      await rejects(lab.wg.set('wgc2', { listenPort: 51825, privateKeyFile: own.file }), code('EADDRINUSE'));
      const text = JSON.stringify(errors.map((error) => [String((error as Error).stack), error]));
      for (const file of [own.file, shared]) {
        const secret = (await lab.sh(`cat ${file}`)).trim();
        for (const form of ['base64', 'hex'] as const)
          ok(!text.includes(Buffer.from(secret, 'base64').toString(form).slice(0, 20)));
      }
    }),
};

export const wireguardChecks: readonly WireguardCheck[] = [reads, setups, changes, session, forkless, refused];
