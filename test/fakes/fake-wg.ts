// WireGuard devices of the fake host with the semantics of drivers/net/wireguard/netlink.c.
import type { SavedPart, WgChange, WgDeviceConfig, Wireguard } from '../../src/host/types.ts';
import { formatPrefix } from '../../src/net/ip.ts';
import { addLink, deleteLink, isPortTaken } from './fake-links.ts';
import { digestOfKey, readKey, writeFile } from './fake-files.ts';
import type { FakePeer, FakeState, FakeWgDevice } from './fake-state.ts';
import { hostError } from './fake-state.ts';
import type { Sync } from './instrument.ts';
import { privateKeyOf, publicKeyFrom } from './wg-keys.ts';

/** `wg` exits with 1 and gives the reason; an unreadable key file ends it before anything is sent. */
const wgError = (operation: string, detail: string): Error => hostError(operation, 'EXIT_1', detail);

function device(state: FakeState, dev: string, operation: string): FakeWgDevice {
  const found = state.wg.get(dev);
  if (found === undefined) throw wgError(operation, 'Unable to modify interface: No such device');
  return found;
}

function keyIn(state: FakeState, file: string, operation: string): string {
  const key = readKey(state, file);
  if (key === undefined) throw wgError(operation, `fopen: ${file}: No such file or directory`);
  return key;
}

/** The same key has no effect. Another key ends every session, and a peer that has this key as its own is removed. */
function setPrivateKey(target: FakeWgDevice, key: string): void {
  const publicKey = publicKeyFrom(key);
  if (publicKey === target.publicKey) return;
  target.publicKey = publicKey;
  target.peers.delete(publicKey);
  for (const peer of target.peers.values()) peer.latestHandshake = 0;
}

function setListenPort(state: FakeState, dev: string, port: number, operation: string): void {
  const target = device(state, dev, operation);
  // the socket is bound only while the link is up
  if (isPortTaken(state, dev, port) && port !== 0 && state.links.get(dev)?.up === true) {
    throw wgError(operation, 'Unable to modify interface: Address already in use');
  }
  target.listenPort = port;
}

function setPeer(
  state: FakeState,
  target: FakeWgDevice,
  change: NonNullable<WgChange['peer']>,
  operation: string,
): void {
  // a peer with the device's own key is ignored silently
  if (change.publicKey === target.publicKey) return;
  const fresh: FakePeer = {
    ...{ publicKey: change.publicKey, presharedKeyDigest: '', endpoint: '', allowedIPs: [] },
    ...{ latestHandshake: 0, persistentKeepalive: 0 },
  };
  const peer = target.peers.get(change.publicKey) ?? fresh;
  const psk = change.presharedKeyFile;
  if (psk !== undefined) peer.presharedKeyDigest = psk === '' ? '' : digestOfKey(keyIn(state, psk, operation));
  peer.endpoint = change.endpoint ?? peer.endpoint;
  peer.persistentKeepalive = change.persistentKeepalive ?? peer.persistentKeepalive;
  peer.allowedIPs = change.allowedIPs ?? peer.allowedIPs;
  // one prefix has one peer: if a second peer gets it, the first loses it
  const taken = new Set(change.allowedIPs?.map(formatPrefix));
  for (const other of target.peers.values()) {
    if (other !== peer) other.allowedIPs = other.allowedIPs.filter((p) => !taken.has(formatPrefix(p)));
  }
  target.peers.set(peer.publicKey, peer);
}

export function wgSet(state: FakeState, dev: string, change: WgChange): void {
  const operation = `wg set ${dev}`;
  const target = device(state, dev, operation);
  const key = change.privateKeyFile === undefined ? undefined : keyIn(state, change.privateKeyFile, operation);
  if (change.listenPort !== undefined) setListenPort(state, dev, change.listenPort, operation);
  if (key !== undefined) setPrivateKey(target, key);
  for (const gone of change.removePeers ?? []) target.peers.delete(gone);
  if (change.peer !== undefined) setPeer(state, target, change.peer, operation);
}

/** WGDEVICE_F_REPLACE_PEERS: every peer is removed, also one that is added again at once. */
function setconf(state: FakeState, dev: string, config: WgDeviceConfig): void {
  const operation = `wg setconf ${dev}`;
  device(state, dev, operation).peers.clear();
  const { presharedKeyFile, endpoint, ...peer } = config.peer;
  wgSet(state, dev, {
    ...{ privateKeyFile: config.privateKeyFile, listenPort: config.listenPort },
    peer: {
      ...peer,
      ...(presharedKeyFile === undefined ? {} : { presharedKeyFile }),
      ...(endpoint === undefined ? {} : { endpoint }),
    },
  });
}

/** The fake has only the digest of a preshared key, and saves that. */
function save(state: FakeState, dev: string, what: SavedPart, file: string): void {
  const operation = `wg ${what === 'config' ? 'showconf' : 'show'} ${dev}`;
  const { publicKey, peers } = device(state, dev, operation);
  const key = privateKeyOf(publicKey) ?? '(none)';
  const lines = [...peers.values()].map(
    (peer) => `[Peer]\nPublicKey = ${peer.publicKey}\nPresharedKey = ${peer.presharedKeyDigest}\n`,
  );
  const config = `[Interface]\nPrivateKey = ${key}\n${lines.join('')}`;
  const kept = state.files.get(file)?.text;
  if (what === 'config' && kept === config) return;
  if (kept !== undefined) throw hostError(operation, 'EEXIST');
  writeFile(state, file, what === 'config' ? config : `${key}\n`, { mode: 0o600 });
}

export function startUserspace(state: FakeState, dev: string): void {
  // like the real host: a wireguard-go that answers is used as it is
  if (state.userspace.has(dev)) return;
  addLink(state, { name: dev, kind: 'tun' });
  state.userspace.add(dev);
  state.wg.set(dev, { publicKey: '', listenPort: 0, fwmark: 0, peers: new Map() });
}

export const fakeWireguard = (state: FakeState): Sync<Wireguard> => ({
  devices: (names) =>
    [...state.wg]
      .filter(([name]) => names === undefined || names.includes(name))
      .map(([name, { peers, ...rest }]) => ({
        ...{ name, ...rest },
        peers: [...peers.values()].map((p) => ({ ...p, rxBytes: 0, txBytes: 0 })),
      })),
  setconf: (dev, config) => setconf(state, dev, config),
  set: (dev, change) => wgSet(state, dev, change),
  save: (dev, what, file) => save(state, dev, what, file),
  startUserspace: (dev) => startUserspace(state, dev),
  stopUserspace(dev) {
    if (!state.userspace.has(dev)) return;
    deleteLink(state, dev);
  },
  userspaceDevices: () => [...state.userspace],
});
