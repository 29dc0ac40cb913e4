// Runs the lines of a host.txt on the fake host: ip, wg, sysctl, birdc, files. An unknown word is an error, never ignored.
import type { WgChange } from '../../src/host/types.ts';
import { parsePrefix } from '../../src/net/ip.ts';
import { startBird } from './fake-bird.ts';
import { writeFile } from './fake-files.ts';
import { addNamespace, deleteNamespace } from './fake-netns.ts';
import type { FakeState } from './fake-state.ts';
import { writeSysctl } from './fake-sysctl.ts';
import { runNft } from './fake-nft.ts';
import { startUserspace, wgSet } from './fake-wg.ts';
import { ipAddress, ipLink } from './shell-link.ts';
import { ipRoute, ipRule } from './shell-policy.ts';
import type { Command, Words } from './shell.ts';
import { parseShell, walk } from './shell.ts';
import { privateKeyFrom } from './wg-keys.ts';

export function runShell(state: FakeState, text: string): void {
  for (const command of parseShell(text)) {
    try {
      runOne(state, command);
    } catch (cause) {
      throw new Error(`${command.line}\n${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

function runOne(state: FakeState, command: Command): void {
  const words = walk(command.words);
  const program = words.next();
  const run = programs[program];
  if (run === undefined) throw new Error(`${program}: command not found on the fake host`);
  run(state, words, command);
}

const programs: Readonly<Record<string, (state: FakeState, words: Words, command: Command) => void>> = {
  ip: (state, words) => {
    const family = words.take('-6') ? 6 : 4;
    words.take('-4');
    if (words.take('-n', '-netns')) {
      const inside = state.namespaces.get(words.next());
      if (inside === undefined) throw new Error('Cannot open network namespace: No such file or directory');
      runOne(inside, { output: undefined, input: undefined, line: '', words: ['ip', ...words.rest()] });
      return;
    }
    const object = words.next();
    const verb = words.next();
    if (object === 'link') ipLink(state, verb, words);
    else if (/^addr(ess)?$/.test(object)) ipAddress(state, verb, words);
    else if (object === 'route') ipRoute(state, verb, family, words);
    else if (object === 'rule') ipRule(state, verb, family, words);
    else if (object === 'netns') ipNetns(state, verb, words);
    else throw new Error(`ip ${object} is not known here`);
  },
  wg: (state, words, command) => {
    if (words.take('genkey', 'genpsk'))
      writeFile(state, outputOf(command), `${privateKeyFrom(command.line)}\n`, { mode: 0o600 });
    else if (words.take('set')) wgSet(state, words.next(), wgWords(words));
    else throw new Error(`wg ${words.next()} is not known here`);
  },
  'wireguard-go': (state, words) => startUserspace(state, words.next()),
  sysctl: (state, words) => {
    words.take('-w', '-q');
    const [name = '', value = ''] = words.next().split('=');
    writeSysctl(state, name, value);
  },
  // `nft flush ruleset`, `nft delete table ...`: a line of a script is also a command
  nft: (state, words) => runNft(state, words.rest().join(' ')),
  cat: (state, _words, command) => writeFile(state, outputOf(command), command.input ?? ''),
  rm: (state, words) => {
    words.take('-f');
    if (!state.files.delete(words.next())) throw new Error('No such file or directory');
  },
  systemctl: (state, words) => {
    const verb = words.next();
    if (verb === 'stop') state.bird.running = false;
    else startBird(state);
  },
};

function ipNetns(state: FakeState, verb: string, words: Words): void {
  const name = words.next();
  if (verb === 'add') addNamespace(state, name);
  else if (/^del(ete)?$/.test(verb)) deleteNamespace(state, name);
  else if (verb === 'exec') {
    const inside = state.namespaces.get(name);
    if (inside === undefined) throw new Error(`Cannot open network namespace "${name}": No such file or directory`);
    runOne(inside, { output: undefined, input: undefined, line: '', words: words.rest() });
  } else throw new Error(`ip netns ${verb} is not known here`);
}

function outputOf(command: Command): string {
  if (command.output === undefined) throw new Error('the result wants a file: > FILE');
  return command.output;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function wgWords(words: Words): WgChange {
  const change: Writable<WgChange> = {};
  while (!words.done()) {
    if (words.take('private-key')) change.privateKeyFile = words.next();
    else if (words.take('listen-port')) change.listenPort = Number(words.next());
    else if (words.take('peer')) {
      const publicKey = words.next();
      if (words.take('remove')) change.removePeers = [publicKey];
      else change.peer = peerWords(publicKey, words);
    } else throw new Error(`wg set: ${words.rest().join(' ')} is not known here`);
  }
  return change;
}

function peerWords(publicKey: string, words: Words): NonNullable<WgChange['peer']> {
  const peer: Writable<NonNullable<WgChange['peer']>> = { publicKey };
  while (!words.done()) {
    if (words.take('endpoint')) peer.endpoint = words.next();
    else if (words.take('preshared-key')) peer.presharedKeyFile = words.next().replace(/^\/dev\/null$/, '');
    else if (words.take('persistent-keepalive')) peer.persistentKeepalive = Number(words.next().replace('off', '0'));
    else if (words.take('allowed-ips'))
      peer.allowedIPs = words
        .next()
        .split(',')
        .flatMap((p) => parsePrefix(p) ?? []);
    else throw new Error(`wg set peer: ${words.rest().join(' ')} is not known here`);
  }
  return peer;
}
