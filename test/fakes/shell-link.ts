// `ip link` and `ip address` as a person types them, on the fake host.
import { hostPrefix, parsePrefix } from '../../src/net/ip.ts';
import type { Prefix } from '../../src/net/ip.ts';
import { addAddress, deleteAddress } from './fake-addresses.ts';
import { addLink, addVethPair, deleteLink, setLink } from './fake-links.ts';
import type { FakeState } from './fake-state.ts';
import { protocolNumber } from './shell-names.ts';
import type { Words } from './shell.ts';

export function ipLink(state: FakeState, verb: string, words: Words): void {
  if (verb === 'set') {
    changeLink(state, words);
    return;
  }
  words.take('dev');
  const name = words.next();
  if (verb === 'add') newLink(state, name, words);
  else if (/^del(ete)?$/.test(verb)) deleteLink(state, name);
  else throw new Error(`ip link ${verb} is not known here`);
}

function newLink(state: FakeState, name: string, words: Words): void {
  const mtu = words.take('mtu') ? Number(words.next()) : undefined;
  if (words.take('group')) words.next(); // nothing here reads it
  words.take('type');
  const kind = words.next();
  if (kind === 'veth' && words.take('peer')) {
    words.take('name');
    addVethPair(state, name, words.next());
  } else {
    addLink(state, { name, kind, mtu, ...(words.take('table') ? { table: Number(words.next()) } : {}) });
  }
}

function changeLink(state: FakeState, words: Words): void {
  let name = '';
  const change: { up?: boolean; mtu?: number; alias?: string; master?: string; netns?: string } = {};
  while (!words.done()) {
    if (words.take('up')) change.up = true;
    else if (words.take('down')) change.up = false;
    else if (words.take('mtu')) change.mtu = Number(words.next());
    else if (words.take('alias')) change.alias = words.next();
    else if (words.take('master')) change.master = words.next();
    else if (words.take('nomaster')) change.master = '';
    // `netns 1` is the namespace of pid 1: outside
    else if (words.take('netns')) change.netns = words.next().replace(/^1$/, '');
    else if (words.take('dev') || name === '') name = words.next();
    else throw new Error(`ip link set: ${words.rest().join(' ')} is not known here`);
  }
  setLink(state, name, change);
}

export function ipAddress(state: FakeState, verb: string, words: Words): void {
  const text = words.next();
  const prefix: Prefix = parsePrefix(text) ?? hostPrefix(text);
  let peer: string | undefined;
  let length = prefix.length;
  let dev = '';
  let protocol = 0;
  while (!words.done()) {
    if (words.take('dev')) dev = words.next();
    else if (words.take('proto')) protocol = protocolNumber(words.next());
    else if (words.take('peer')) {
      const far = parsePrefix(words.next());
      [peer, length] = [far?.address, far?.length ?? length];
    } else if (!words.take('nodad', 'brd', '+'))
      throw new Error(`ip address: ${words.rest().join(' ')} is not known here`);
  }
  const address = { dev, prefix: { ...prefix, length }, peer, protocol };
  if (verb === 'add') addAddress(state, address);
  else deleteAddress(state, address);
}
