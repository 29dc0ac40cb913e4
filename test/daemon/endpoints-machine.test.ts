import { expect, test } from 'vitest';
import { firstEndpointsState, nextEndpoints } from '../../src/daemon/endpoints-machine.ts';
import type {
  EndpointsEffect,
  EndpointsEvent,
  EndpointsState,
  Looked,
  Names,
} from '../../src/daemon/endpoints-machine.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { model as calling } from './calling-tunnel.ts';
import { play } from './play.ts';
import { done, report } from './reports.ts';

const [A, B] = ['192.0.2.1', '192.0.2.2'];
const hosts = ['a.example.net', 'b.example.net', 'c.example.net'] as const;
const [a, b, c] = hosts;

/** A tunnel to each of the names. */
const modelOf = (...names: readonly string[]): RouterModel => {
  const base = calling('x.example.net:51825');
  const tunnels = base.tunnels.flatMap((tunnel) =>
    names.map((host) => ({
      ...{ ...tunnel, name: `wg-${host}` },
      peer: { ...tunnel.peer, endpoint: { host, port: 51825 } },
    })),
  );
  return { ...base, tunnels };
};
const looked = (of: RouterModel, have: string, handshakeAge: number): Looked[] =>
  of.tunnels.flatMap((tunnel) => {
    const { endpoint } = tunnel.peer;
    return endpoint === undefined ? [] : [{ tunnel, endpoint, have, handshakeAge }];
  });
const names = (addresses: readonly string[], fails = false): Names =>
  new Map(hosts.map((host) => [host, { addresses, fails }]));

type Input = EndpointsEvent | { readonly answers: readonly string[]; readonly ms?: number; readonly failed?: boolean };

/** `ask a.example.net`, `timer 1000`, `turn wg-a.example.net 192.0.2.2` */
function words(effect: EndpointsEffect): string {
  switch (effect.type) {
    case 'timer':
      return `timer ${effect.ms ?? 'off'}`;
    case 'ask':
      return `ask ${effect.name}`;
    case 'turn':
      return `turn ${effect.tunnel} ${effect.address}`;
    case 'save':
      return `save ${effect.names.join('+')}`;
    case 'emit':
      return `emit ${effect.event.type}`;
    case 'look':
    case 'pass':
      return effect.type;
  }
}

/** An answer goes to the last question. */
function played(events: readonly (readonly [number, Input])[]): { last: string[]; state: EndpointsState } {
  let state = firstEndpointsState;
  let effects: readonly EndpointsEffect[] = [];
  let question: Extract<EndpointsEffect, { type: 'ask' }> | undefined;
  for (const [now, input] of events) {
    if ('answers' in input && question === undefined) throw new Error('no name was asked for');
    const event: EndpointsEvent | undefined =
      'type' in input
        ? input
        : question && {
            ...{ type: 'answer', name: question.name, round: question.round, ms: input.ms ?? 5, chance: 0 },
            ...{ found: input.answers.length > 0, failed: input.failed ?? false },
            names: names(input.answers, input.answers.length === 0),
          };
    if (event === undefined) continue;
    const step = play(state, nextEndpoints, [[now, event]]);
    state = step.state;
    effects = step.effects.at(-1) ?? [];
    question = effects.find((effect) => effect.type === 'ask') ?? question;
  }
  return { last: effects.map(words), state };
}

const taken = (of: RouterModel, known: Names): Input => ({ type: 'model', model: of, names: known });
const look = (of: RouterModel, have: string, age: number, known: Names): Input => ({
  ...{ type: 'looked', list: looked(of, have, age), names: known, chance: 0 },
});
const begin: Input = { type: 'begin' };
const oneName = modelOf(a);
const two = names([A, B]);
const calls = (address: string): string => `${address}:51825`;
const begun = [
  [0, taken(oneName, two)],
  [0, begin],
] as const;
const saved = `save ${a}`;
const many = modelOf(a, b, c);
const nothing: Input = { answers: [], ms: 2_000 };

test.each<[string, readonly (readonly [number, Input])[], string[]]>([
  ['known names are not resolved before the pass', [[0, taken(oneName, two)]], []],
  ['an unknown name is resolved before the pass', [[0, taken(oneName, names([]))]], [`ask ${a}`]],
  ['the pass may run after the answer, and a look follows', begun, ['timer 1000']],
  [
    'an answer in time needs no pass but the waiting one',
    [
      [0, taken(oneName, names([]))],
      [5, { answers: [A] }],
    ],
    [],
  ],
  [
    'an answer after its pass starts another pass',
    [
      [0, taken(oneName, names([]))],
      [300, begin],
      [400, { answers: [A], failed: true }],
    ],
    ['pass'],
  ],
  ['the timer starts a look', [[1_000, { type: 'due' }]], ['look']],
  [
    'a fresh tunnel is looked at when it would be stale',
    [...begun, [1_000, look(oneName, calls(A), 35, two)]],
    [saved, 'timer 100000'],
  ],
  ['a stale tunnel resolves its name', [...begun, [1_000, look(oneName, calls(A), 200, two)]], [`ask ${a}`]],
  [
    'a name that was resolved less than half a minute ago is not resolved again',
    [
      ...begun,
      [1_000, look(oneName, calls(A), 200, names([A]))],
      [1_005, { answers: [A] }],
      [29_000, look(oneName, calls(A), 200, names([A]))],
    ],
    [saved, 'timer 30000'],
  ],
  [
    'a kernel without any of the addresses starts a pass',
    [...begun, [1_000, look(oneName, calls('198.51.100.9'), 200, two)], [1_005, { answers: [A] }]],
    ['pass', saved, 'timer 30000'],
  ],
  [
    'a pass that cannot help is not started again',
    [
      ...begun,
      [1_000, look(oneName, calls('198.51.100.9'), 200, two)],
      [1_005, { answers: [A] }],
      [31_005, look(oneName, calls('198.51.100.9'), 200, two)],
      [31_010, { answers: [A] }],
    ],
    [saved, 'timer 30000'],
  ],
  [
    'another address of the name starts a pass again',
    [
      ...begun,
      [1_000, look(oneName, calls('198.51.100.9'), 200, two)],
      [1_005, { answers: [A] }],
      [31_005, look(oneName, calls('198.51.100.9'), 200, two)],
      [31_010, { answers: [B] }],
    ],
    ['pass', saved, 'timer 30000'],
  ],
  [
    'an address is tried for its time before the next one',
    [...begun, [1_000, look(oneName, calls(A), 200, two)], [1_005, { answers: [A, B] }]],
    [saved, 'timer 8000'],
  ],
  [
    'after that time the next address is tried',
    [
      ...begun,
      [1_000, look(oneName, calls(A), 200, two)],
      [1_005, { answers: [A, B] }],
      [9_005, look(oneName, calls(A), 200, two)],
    ],
    [`turn wg-${a} ${B}`, 'pass', saved, 'timer 8000'],
  ],
  [
    'two names without an answer in time make DNS count as dead, and the third waits',
    [
      [0, taken(many, two)],
      [1_000, look(many, '', 200, names([], true))],
      [3_000, nothing],
      [5_000, nothing],
    ],
    [`save ${a}+${b}+${c}`, 'timer 1000'],
  ],
  [
    'the name that waited is first in the next round',
    [
      [0, taken(many, two)],
      [1_000, look(many, '', 200, names([], true))],
      [3_000, nothing],
      [5_000, nothing],
      [6_000, look(many, '', 200, names([], true))],
    ],
    [`ask ${c}`],
  ],
  [
    'names that do not exist are answered at once, and all are resolved',
    [
      [0, taken(many, two)],
      [1_000, look(many, '', 200, two)],
      [1_001, { answers: [] }],
      [1_002, { answers: [] }],
    ],
    [`ask ${c}`],
  ],
  [
    'a missing device is looked at again',
    [...begun, [1_000, { type: 'looked', list: [], names: two, chance: 0 }]],
    [saved, 'timer 30000'],
  ],
  [
    'without an endpoint there is no further look',
    [
      [0, taken(modelOf(), two)],
      [0, { type: 'looked', list: [], names: new Map(), chance: 0 }],
    ],
    ['save '],
  ],
  ['a failed look is repeated', [...begun, [1_000, { type: 'failed' }]], ['timer 30000']],
  ['a pass without a change of endpoints changes nothing', [...begun, [9, { type: 'passed', report: report() }]], []],
  [
    'the address that a pass set is tried from now on, and reported if it was requested',
    [
      ...begun,
      [1_000, look(oneName, calls('198.51.100.9'), 200, two)],
      [1_005, { answers: [A] }],
      [1_050, { type: 'passed', report: report({ results: [done('wireguard', `wg-${a}`)] }) }],
    ],
    ['timer 1000', 'emit endpoint'],
  ],
  ['a closed machine sets no timer', [...begun, [9, { type: 'close' }]], ['timer off']],
  [
    'a machine that is closed during a DNS question asks no more and sets no timer',
    [
      [0, taken(many, two)],
      [1_000, look(many, calls(A), 200, two)],
      [1_001, { type: 'close' }],
      [1_002, { answers: [A] }],
    ],
    [`save ${a}+${b}+${c}`],
  ],
])('%s', (_title, events, effects) => {
  expect(played(events).last).toEqual(effects);
});

test('a handshake ends the trials of its tunnel, and the next trials begin with short times', () => {
  const { state } = played([
    ...begun,
    [1_000, look(oneName, calls(A), 200, two)],
    [1_005, { answers: [A, B] }],
    [9_005, look(oneName, calls(A), 5, two)],
  ]);
  expect(state.trials.size).toBe(0);
});
