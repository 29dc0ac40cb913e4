// WireGuard devices of the real wireguard-go, read and set over its socket, beside what `wg` says and does.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { WgDevice, WgDeviceConfig } from '../../src/host/types.ts';
import { derivePublicKey, newPrivateKey } from '../../src/host/wg/key.ts';
import { parsePrefix, type Prefix } from '../../src/net/ip.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

let ns: Namespace;
let host: RemoteHost;

beforeAll(async () => {
  ns = await openNamespace('host-wg');
  host = remoteHost(ns);
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

const prefix = (text: string): Prefix => {
  const p = parsePrefix(text);
  if (p === undefined) throw new Error(`not a prefix: ${text}`);
  return p;
};

const config = (privateKeyFile: string, far: string, peer: Partial<WgDeviceConfig['peer']> = {}): WgDeviceConfig => ({
  privateKeyFile,
  listenPort: 51825,
  peer: {
    publicKey: far,
    presharedKeyFile: undefined,
    endpoint: undefined,
    persistentKeepalive: 0,
    allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')],
    ...peer,
  },
});

/** A started device that goes with the test. */
async function device(name: string): Promise<void> {
  await host.wg.startUserspace(name);
  onTestFinished(() => host.wg.stopUserspace(name));
}

async function observed(name: string): Promise<WgDevice> {
  const found = (await host.wg.devices()).find((d) => d.name === name);
  if (found === undefined) throw new Error(`no device ${name}`);
  return found;
}

/** Makes a private key and gives its file and public key. */
async function key(name: string): Promise<{ file: string; publicKey: string }> {
  const file = `/etc/wgospf/keys/${name}-${Math.random()}.key`;
  await host.keys.generate(file);
  return { file, publicKey: (await host.keys.publicKeyOf(file)) ?? '' };
}

async function psk(): Promise<string> {
  const file = `/etc/wgospf/psk-${Math.random()}`;
  await ns.writeFile(file, (await ns.exec('wg', ['genpsk'])).stdout, 0o600);
  return file;
}

test('a public key equals that of wg pubkey, also for a key that is not clamped', () => {
  for (const key of [newPrivateKey(), newPrivateKey(), Buffer.alloc(32, 0xff).toString('base64')]) {
    expect(derivePublicKey(key)).toBe(execFileSync('wg', ['pubkey'], { input: `${key}\n`, encoding: 'utf8' }).trim());
  }
});

describe.each(['wg', 'netlink'] as const)('setconf by %s, and devices', (setup) => {
  test('a complete device reads back as it was written', async () => {
    await device('wg1');
    const [own, far, shared] = [await key('own'), await key('far'), await psk()];
    const endpoint = '[2001:db8::1]:51825';
    const peer = { presharedKeyFile: shared, endpoint, persistentKeepalive: 25 };
    await host.wg.setconf('wg1', config(own.file, far.publicKey, peer), setup);
    expect(await observed('wg1')).toEqual({
      name: 'wg1',
      publicKey: own.publicKey,
      listenPort: 51825,
      fwmark: 0,
      peers: [
        {
          publicKey: far.publicKey,
          presharedKeyDigest: await host.keys.digestOf(shared),
          endpoint,
          allowedIPs: [prefix('0.0.0.0/0'), prefix('::/0')],
          latestHandshake: 0,
          rxBytes: 0,
          txBytes: expect.any(Number) as number,
          persistentKeepalive: 25,
        },
      ],
    });
  });

  test('a listening side whose peer may send nothing is written', async () => {
    await device('wg1');
    const [own, far] = [await key('own'), await key('far')];
    await host.wg.setconf('wg1', config(own.file, far.publicKey, { allowedIPs: [] }), setup);
    const [peer] = (await observed('wg1')).peers;
    expect(peer).toMatchObject({ endpoint: '', allowedIPs: [], presharedKeyDigest: '', persistentKeepalive: 0 });
  });

  test('a missing device is ENODEV, a missing key file ENOENT, a used port EADDRINUSE', async () => {
    const [own, far] = [await key('own'), await key('far')];
    const complete = config(own.file, far.publicKey);
    await expect(host.wg.setconf('none', complete, setup)).rejects.toMatchObject({
      code: 'ENODEV',
      operation: 'wg setconf none',
    });
    await device('wg1');
    await device('wg2');
    await expect(host.wg.setconf('wg1', { ...complete, privateKeyFile: '/none' }, setup)).rejects.toMatchObject({
      code: 'ENOENT',
      detail: 'the key file /none is not there',
    });
    await host.wg.setconf('wg1', complete, setup);
    await host.rtnl.setLink('wg1', { up: true });
    await host.rtnl.setLink('wg2', { up: true });
    await expect(host.wg.set('wg2', { listenPort: 51825 })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('set', () => {
  test('changes the named field and no other', async () => {
    await device('wg1');
    const [own, far, shared, other] = [await key('own'), await key('far'), await psk(), await key('other')];
    const peer = { presharedKeyFile: shared, endpoint: '192.0.2.1:51825', persistentKeepalive: 25 };
    await host.wg.setconf('wg1', config(own.file, far.publicKey, peer), 'netlink');
    /** the device and its one peer in one, without the counters */
    const flat = async (): Promise<object> => {
      const { peers, ...rest } = await observed('wg1');
      return { ...rest, peer: { ...peers[0], txBytes: 0 } };
    };
    const publicKey = far.publicKey;
    const open = [prefix('0.0.0.0/0'), prefix('::/0')];
    const wanted = {
      name: 'wg1',
      publicKey: own.publicKey,
      listenPort: 51825,
      fwmark: 0,
      peer: {
        publicKey,
        presharedKeyDigest: (await host.keys.digestOf(shared)) ?? '',
        endpoint: '192.0.2.1:51825',
        allowedIPs: open,
        latestHandshake: 0,
        rxBytes: 0,
        txBytes: 0,
        persistentKeepalive: 25,
      },
    };
    expect(await flat()).toEqual(wanted);
    await host.wg.set('wg1', { peer: { publicKey, endpoint: '198.51.100.7:1' } });
    wanted.peer.endpoint = '198.51.100.7:1';
    expect(await flat()).toEqual(wanted);
    await host.wg.set('wg1', { peer: { publicKey, persistentKeepalive: 0 } });
    wanted.peer.persistentKeepalive = 0;
    expect(await flat()).toEqual(wanted);
    await host.wg.set('wg1', { peer: { publicKey, presharedKeyFile: '' } });
    wanted.peer.presharedKeyDigest = '';
    expect(await flat()).toEqual(wanted);
    await host.wg.set('wg1', { peer: { publicKey, allowedIPs: [prefix('10.0.0.0/8')] } });
    wanted.peer.allowedIPs = [prefix('10.0.0.0/8')];
    expect(await flat()).toEqual(wanted);
    await host.wg.set('wg1', { listenPort: 51999, privateKeyFile: other.file });
    expect(await flat()).toEqual({ ...wanted, listenPort: 51999, publicKey: other.publicKey });
  });

  test('a changed key of the far end replaces the peer in one call', async () => {
    await device('wg1');
    const [own, far, next] = [await key('own'), await key('far'), await key('next')];
    await host.wg.setconf('wg1', config(own.file, far.publicKey), 'netlink');
    await host.wg.set('wg1', {
      removePeers: [far.publicKey],
      peer: { publicKey: next.publicKey, allowedIPs: [prefix('0.0.0.0/0')] },
    });
    const { peers } = await observed('wg1');
    expect(peers.map((p) => [p.publicKey, p.allowedIPs])).toEqual([[next.publicKey, [prefix('0.0.0.0/0')]]]);
  });
});

describe('secrets', () => {
  /** Puts a `wg` before the real one that notes its arguments, environment and kind of standard input. */
  async function spyOnWg(): Promise<string> {
    const log = `/run/spy-${Math.random()}`;
    await ns.writeFile(
      '/run/spy/wg',
      `#!/bin/sh\n{ echo "args: $*"; env; ls -l /proc/$$/fd/0; } >> ${log}\nexec /usr/bin/wg "$@"\n`,
      0o755,
    );
    await host.setPath('/run/spy:/usr/bin:/bin');
    onTestFinished(() => host.setPath('/usr/bin:/bin'));
    return log;
  }

  test('are in no argument, no variable and no named file', async () => {
    await device('wg1');
    const [own, far, shared] = [await key('own'), await key('far'), await psk()];
    const log = await spyOnWg();
    const complete = config(own.file, far.publicKey, { presharedKeyFile: shared });
    await host.wg.setconf('wg1', complete, 'wg');
    await host.wg.setconf('wg1', complete, 'netlink');
    await host.wg.set('wg1', {
      privateKeyFile: own.file,
      peer: { publicKey: far.publicKey, presharedKeyFile: shared },
    });
    await host.wg.devices();
    const noted = await ns.readFile(log);
    expect(noted.match(/^args: .*/gm)).toEqual(['args: setconf wg1 /dev/stdin']);
    expect(noted).toContain('(deleted)'); // the anonymous file
    for (const file of [own.file, shared]) expect(noted).not.toContain((await ns.readFile(file)).trim());
  });

  test('are in no error, even if a file cannot be read as a key', async () => {
    await device('wg1');
    const [own, far] = [await key('own'), await key('far')];
    const secret = (await ns.readFile(own.file)).trim();
    const spoilt = {
      trailing: `${secret}x`,
      short: secret.slice(0, 43),
      odd: `${secret.slice(0, 20)} ${secret.slice(20)}`,
    };
    for (const [name, text] of Object.entries(spoilt)) {
      const file = `/etc/wgospf/spoilt-${name}`;
      await ns.writeFile(file, text, 0o600);
      const code = name === 'short' ? 'KEY_WITHOUT_PADDING' : 'EINVAL';
      const complete = config(file, far.publicKey);
      for (const setup of ['wg', 'netlink'] as const)
        await expect(host.wg.setconf('wg1', complete, setup)).rejects.toMatchObject({ code });
      await expect(host.wg.set('wg1', { privateKeyFile: file })).rejects.toMatchObject({ code });
      const peer = { publicKey: far.publicKey, presharedKeyFile: file };
      await expect(host.wg.set('wg1', { peer })).rejects.toMatchObject({ code });
    }
    await expect(host.wg.set('none', { peer: { publicKey: far.publicKey, endpoint: '192.0.2.1:1' } })).rejects.toThrow(
      `wg set none peer ${far.publicKey} endpoint 192.0.2.1:1: this kernel has no WireGuard (ENODEV)`,
    );
    const output = host.received();
    expect(output).toContain(far.publicKey);
    expect(output).not.toContain(secret.slice(0, 20));
    expect(output).not.toContain(secret.slice(20, 43));
  });
});
