// BIRD 2 of the fake host: answers with the codes of its control socket (doc/reply_codes), re-reads the fake file, and undoes
// a change that was not confirmed in time, like the real one in the tables of docs/facts.md.
import type { Bird, BirdReply, BirdService } from '../../src/host/types.ts';
import type { FakeBirdState, FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';
import type { Sync } from './instrument.ts';

type Row = readonly [number, string];

const reply = (...lines: readonly Row[]): BirdReply => ({
  lines: lines.map(([code, text]) => ({ code, text })),
  code: lines.at(-1)?.[0] ?? 9001,
});
const SYNTAX = [9001, 'syntax error, unexpected CF_SYM_UNDEFINED'] as const;
const END = [0, ''] as const;

/** BIRD's message for a file that it refuses; undefined if it accepts the file. */
function complaint(state: FakeState, file: string, text = state.files.get(file)?.text): string | undefined {
  if (text === undefined) return `${file}: No such file or directory`;
  if (!/^\s*protocol\b/m.test(text)) return `${file}:1:1 No protocol is specified in the config file`;
  const { refuses } = state.bird;
  const line = refuses === undefined ? -1 : text.split('\n').findIndex((l) => l.includes(refuses));
  return line < 0 ? undefined : `${file}:${line + 1}:1 syntax error, unexpected CF_SYM_UNDEFINED`;
}

/** The file with its includes. */
function read(state: FakeState, file: string): string {
  const text = state.files.get(file)?.text ?? '';
  return text.replaceAll(/^include "(.*)";$/gm, (line, path: string) => state.files.get(path)?.text ?? line);
}

function load(state: FakeState, text: string): void {
  const { bird } = state;
  bird.loaded = text;
  bird.generation = /^define wgospf_generation = "(.*)";$/m.exec(text)?.[1];
  bird.routerId = /^router id ([\d.]+);$/m.exec(text)?.[1] ?? '0.0.0.0';
  const names = [...text.matchAll(/^protocol [\w ]*?(\w+) \{/gm)].map((m) => m[1] ?? '');
  bird.protocols = new Map(names.map((name) => [name, true]));
}

const switched = { disable: [9, 'disabled'], enable: [11, 'enabled'] } as const;

/** `disable NAME`, `enable NAME`; an unknown name is a parse error. */
function switchProtocol(state: FakeState, word: 'disable' | 'enable', name: string): BirdReply {
  if (!state.bird.protocols.has(name)) return reply(SYNTAX);
  state.bird.protocols.set(name, word === 'enable');
  const [code, text] = switched[word];
  return reply([code, `${name}: ${text}`], END);
}

function showProtocols(state: FakeState, name: string): BirdReply {
  const shown = [...state.bird.protocols].filter(([one]) => name === '' || one === name);
  if (name !== '' && shown.length === 0) return reply(SYNTAX);
  const lines = shown.map(([one, up]) => {
    return [1002, `${one.padEnd(10)} OSPF       master4    ${up ? 'up    ' : 'down  '} 18:02:59.554  `] as const;
  });
  return reply([2002, 'Name       Proto      Table      State  Since         Info'], ...lines, END);
}

function showNeighbors({ bird }: FakeState, name: string): BirdReply {
  const all = [...bird.loaded.matchAll(/^protocol ospf (?:v[23] )?(\w+) \{/gm)].map((m) => m[1] ?? '');
  if (name !== '' && !all.includes(name)) return reply(SYNTAX);
  if (all.length === 0) return reply([9001, 'There is no OSPF protocol running']);
  const broken = bird.breaks !== undefined && bird.loaded.includes(bird.breaks);
  const full = bird.neighbors
    .map((n) => n.split(' '))
    .filter(([, dev = '']) => bird.loaded.includes(`interface "${dev}"`));
  const rows = (broken ? [] : full).map(([address = '', dev = '']): Row => {
    return [1013, `${address.padEnd(12)}\t  1\tFull/PtP  \t 3.580\t${dev.padEnd(10)} ${address}`];
  });
  const blocks = all.filter((one) => name === '' || one === name);
  const head: Row = [1013, 'Router ID   \tPri\t     State     \tDTime\tInterface  Router IP'];
  const block = (one: string, i: number): Row[] => {
    if (bird.protocols.get(one) !== true) return [[1013, `${one}: is not up`]];
    return [[1013, `${one}:`], head, ...(i === 0 ? rows : [])];
  };
  return reply(...blocks.flatMap(block), END);
}

function configureFile(state: FakeState, argument: string): BirdReply {
  const { bird } = state;
  const [, word = '', seconds = '300'] = /^(check|soft|timeout)?\s*(\d+)?/.exec(argument) ?? [];
  const file = /"(.*)"/.exec(argument)?.[1] ?? bird.configFile;
  const bad = complaint(state, file);
  const reading = [2, `Reading configuration from ${file}`] as const;
  if (word === 'check')
    return bad === undefined ? reply(reading, [20, 'Configuration OK']) : reply(reading, [8002, bad]);
  bird.undoAt = undefined; // also if it fails: the pending undo is gone
  if (bad !== undefined) {
    bird.before = undefined;
    return reply(reading, [8002, bad]);
  }
  bird.configFile = file;
  bird.before = bird.loaded;
  load(state, read(state, file));
  if (word !== 'timeout') return reply(reading, [3, 'Reconfigured']);
  bird.undoAt = state.now + Number(seconds) * 1000;
  return reply(reading, [22, `Undo scheduled in ${seconds} s`], [3, 'Reconfigured']);
}

function undo(state: FakeState): BirdReply {
  const { before } = state.bird;
  const requested = [21, 'Undo requested'] as const;
  state.bird.undoAt = undefined;
  state.bird.before = undefined;
  if (before === undefined) return reply(requested, [19, 'Nothing to do']);
  load(state, before);
  return reply(requested, [3, 'Reconfigured']);
}

function confirm({ bird }: FakeState): BirdReply {
  if (bird.undoAt === undefined) return reply([19, 'Nothing to do']);
  bird.undoAt = undefined;
  return reply([18, 'Reconfiguration confirmed']);
}

function configureStatus({ bird, now }: FakeState): BirdReply {
  const up = [3, 'Daemon is up and running'] as const;
  if (bird.undoAt === undefined) return reply(up, END);
  return reply(up, [22, `Configuration unconfirmed, undo in ${(bird.undoAt - now) / 1000} s`], END);
}

function configure(state: FakeState, argument: string): BirdReply {
  if (argument === 'undo') return undo(state);
  if (argument === 'confirm') return confirm(state);
  if (argument === 'status') return configureStatus(state);
  return configureFile(state, argument);
}

/** BIRD reports an unknown symbol as a parse error, and prints a string without its quotes. */
function evaluate(state: FakeState, symbol: string): BirdReply {
  const value = new RegExp(`^define ${symbol} = "(.*)";$`, 'm').exec(state.bird.loaded)?.[1];
  const generation = symbol === 'wgospf_generation' ? state.bird.generation : value;
  return generation === undefined ? reply(SYNTAX) : reply([23, generation]);
}

const showStatus = ({ bird }: FakeState): BirdReply =>
  reply([1000, 'BIRD 2.0.12'], [1011, `Router ID is ${bird.routerId}`], [13, 'Daemon is up and running']);

function answer(state: FakeState, text: string): BirdReply {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text.trim()) ?? [];
  if (word === 'configure') return configure(state, rest);
  if (word === 'eval') return evaluate(state, rest);
  if (word === 'disable' || word === 'enable') return switchProtocol(state, word, rest);
  const [, what = '', name = ''] = /^show (status|protocols|ospf neighbors)(?: (\w+))?$/.exec(text) ?? [];
  if (what === 'status') return showStatus(state);
  if (what === 'protocols') return showProtocols(state, name);
  if (what === 'ospf neighbors') return showNeighbors(state, name);
  if (/^show ospf (interface|state)/.test(text)) return reply([9001, 'There is no OSPF protocol running']);
  return reply(SYNTAX);
}

/** The commands that `restrict` forbids. */
const CHANGES = /^(configure(?! status)|enable|disable|restart|reload|down)\b/;

/** Starts BIRD as systemd would: with the current file, or not at all. */
export function startBird(state: FakeState): void {
  state.bird.running = complaint(state, state.bird.configFile) === undefined;
  state.bird.before = undefined;
  state.bird.undoAt = undefined;
  if (state.bird.running) load(state, read(state, state.bird.configFile));
}

const INNER_SOCKETS = '/run/wgospf-bird/';

/** The host as the BIRD behind a socket sees it: each BIRD inside a namespace is separate. */
function behind(state: FakeState, socket: string): FakeState {
  const bird = state.innerBirds.get(socket);
  if (bird === undefined && socket.startsWith(INNER_SOCKETS)) throw hostError(`birdc -s ${socket}`, 'ENOENT');
  return bird === undefined ? state : { ...state, bird };
}

/** `ip netns exec NAME bird -c FILE -s SOCKET` */
export function startInnerBird(state: FakeState, { netns, configFile, controlSocket }: BirdService): void {
  if (state.innerBirds.has(controlSocket)) return;
  const operation = `start BIRD in ${netns}`;
  if (!state.namespaces.has(netns)) throw hostError(operation, 'EXIT_1', `Cannot open network namespace "${netns}"`);
  const bad = complaint(state, configFile);
  if (bad !== undefined) throw hostError(operation, 'EXIT_1', bad);
  const bird = { ...newBird(), configFile, neighbors: state.bird.neighbors };
  load({ ...state, bird }, read(state, configFile));
  state.innerBirds.set(controlSocket, bird);
}

/** A BIRD that runs and has read nothing yet. */
export const newBird = (refuses?: string): FakeBirdState => ({
  ...{ running: true, configFile: '/etc/bird/bird.conf', generation: undefined, routerId: '0.0.0.0' },
  protocols: new Map(),
  refuses,
  ...{ breaks: undefined, neighbors: [], loaded: '', before: undefined, undoAt: undefined },
});

function talk(host: FakeState, socket: string, text: string): BirdReply {
  const state = behind(host, socket);
  if (text === 'down' && state !== host) {
    host.innerBirds.delete(socket);
    return reply([7, 'Shutdown requested']);
  }
  if (!state.bird.running) throw hostError(`birdc -s ${socket} ${text}`, 'ENOENT');
  if (state.bird.undoAt !== undefined && state.now >= state.bird.undoAt) undo(state);
  return answer(state, text);
}

export const fakeBird = (state: FakeState): Sync<Bird> => ({
  version: () => ({ text: '2.0.12', major: 2 }),
  check: (file) => complaint(state, file),
  checkText: ({ path, text }) => complaint(state, path, text),
  command: (socket, text) => talk(state, socket, text),
  ask: (socket, text) => (CHANGES.test(text) ? reply([8007, 'Access denied']) : talk(state, socket, text)),
  start: (service) => startInnerBird(state, service),
  stop: ({ controlSocket }) => void state.innerBirds.delete(controlSocket),
  group: () => 'bird',
});
