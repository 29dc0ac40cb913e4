// BIRD 2 of the fake host: answers with the codes of its control socket (doc/reply_codes), re-reading the fake file.
import type { Bird, BirdReply } from '../../src/host/types.ts';
import type { FakeState } from './fake-state.ts';
import { hostError } from './fake-state.ts';
import type { Sync } from './instrument.ts';

const reply = (...lines: readonly (readonly [number, string])[]): BirdReply => ({
  lines: lines.map(([code, text]) => ({ code, text })),
  code: lines.at(-1)?.[0] ?? 9001,
});

/** BIRD's message on a file that it refuses; undefined where it takes it. */
function complaint(state: FakeState, file: string): string | undefined {
  const text = state.files.get(file)?.text;
  if (text === undefined) return `${file}: No such file or directory`;
  if (!/^\s*protocol\b/m.test(text)) return `${file}:1:1 No protocol is specified in the config file`;
  const { refuses } = state.bird;
  const line = refuses === undefined ? -1 : text.split('\n').findIndex((l) => l.includes(refuses));
  return line < 0 ? undefined : `${file}:${line + 1}:1 syntax error, unexpected CF_SYM_UNDEFINED`;
}

function load(state: FakeState): void {
  const text = state.files.get(state.bird.configFile)?.text ?? '';
  state.bird.generation = /^define wgospf_generation = "(.*)";$/m.exec(text)?.[1];
  state.bird.routerId = /^router id ([\d.]+);$/m.exec(text)?.[1] ?? '0.0.0.0';
  const names = [...text.matchAll(/^protocol [\w ]*?(\w+) \{/gm)].map((m) => m[1] ?? '');
  state.bird.protocols = new Map(names.map((name) => [name, state.bird.protocols.get(name) ?? true]));
}

const switched = { disable: [9, 'disabled'], enable: [11, 'enabled'] } as const;

/** `disable NAME`, `enable NAME`; an unknown name is a parse error. */
function switchProtocol(state: FakeState, word: 'disable' | 'enable', name: string): BirdReply {
  if (!state.bird.protocols.has(name)) return reply([9001, 'syntax error, unexpected CF_SYM_UNDEFINED']);
  state.bird.protocols.set(name, word === 'enable');
  const [code, text] = switched[word];
  return reply([code, `${name}: ${text}`], [0, '']);
}

function showProtocol(state: FakeState, name: string): BirdReply {
  const on = state.bird.protocols.get(name);
  if (on === undefined) return reply([9001, 'syntax error, unexpected CF_SYM_UNDEFINED']);
  const line = `${name.padEnd(10)} OSPF       master4    ${on ? 'up    ' : 'down  '} 18:02:59.554  ${on ? 'Alone' : ''}`;
  return reply([2002, 'Name       Proto      Table      State  Since         Info'], [1002, line], [0, '']);
}

function configure(state: FakeState, argument: string): BirdReply {
  const check = /^check\b/.test(argument);
  const file = /"(.*)"/.exec(argument)?.[1] ?? state.bird.configFile;
  const bad = complaint(state, file);
  const reading = [2, `Reading configuration from ${file}`] as const;
  if (bad !== undefined) return reply(reading, [8002, bad]);
  if (check) return reply(reading, [20, 'Configuration OK']);
  state.bird.configFile = file;
  load(state);
  return reply(reading, [3, 'Reconfigured']);
}

/** An unknown symbol is a parse error to BIRD, a string is printed without its quotes. */
function evaluate(state: FakeState, symbol: string): BirdReply {
  const value = symbol === 'wgospf_generation' ? state.bird.generation : undefined;
  return value === undefined ? reply([9001, 'syntax error, unexpected CF_SYM_UNDEFINED']) : reply([23, value]);
}

function answer(state: FakeState, text: string): BirdReply {
  const [, word = '', rest = ''] = /^(\S+)\s*(.*)$/.exec(text.trim()) ?? [];
  if (word === 'configure') return configure(state, rest);
  if (word === 'eval') return evaluate(state, rest);
  if (word === 'disable' || word === 'enable') return switchProtocol(state, word, rest);
  if (text.startsWith('show protocols ')) return showProtocol(state, text.slice('show protocols '.length));
  if (text === 'show status') {
    return reply(
      [1000, 'BIRD 2.0.12'],
      [1011, `Router ID is ${state.bird.routerId}`],
      [13, 'Daemon is up and running'],
    );
  }
  if (/^show ospf (neighbors|interface|state)/.test(text)) return reply([9001, 'There is no OSPF protocol running']);
  return reply([9001, 'syntax error, unexpected CF_SYM_UNDEFINED']);
}

/** Starts BIRD as systemd would: with the file as it is, or not at all. */
export function startBird(state: FakeState): void {
  state.bird.running = complaint(state, state.bird.configFile) === undefined;
  if (state.bird.running) load(state);
}

export const fakeBird = (state: FakeState): Sync<Bird> => ({
  check: (file) => complaint(state, file),
  command(socket, text) {
    if (!state.bird.running) throw hostError(`birdc -s ${socket} ${text}`, 'ENOENT');
    return answer(state, text);
  },
  group: () => 'bird',
});
