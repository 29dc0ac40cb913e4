// BIRD's `show ospf neighbors` as recorded.
import { expect, test } from 'vitest';
import { parseNeighbors } from '../../src/status/parse-neighbors.ts';
import { recorded } from './recorded.ts';

const states = (name: string): unknown => {
  const facts = parseNeighbors(recorded(name), 'mesh4');
  return facts.up ? facts.neighbors.map((n) => `${n.interface} ${n.address} ${n.state} ${n.role}`) : facts.reason;
};

test('Full, ExStart and Init, in the order of the reply', () => {
  expect(states('neighbors-stuck')).toEqual([
    'va0 10.70.89.1 Full PtP',
    'va1 10.70.89.3 Full PtP',
    'va2 10.70.89.5 ExStart PtP',
    'va3 10.70.89.7 Init PtP',
  ]);
});

test('router id and dead timer', () => {
  const facts = parseNeighbors(recorded('neighbors-dr'), 'mesh4');
  expect(facts).toEqual({
    up: true,
    neighbors: [
      { routerId: '10.69.2.22', address: '10.69.0.2', interface: 'va0', state: 'Full', role: 'DR', deadTimer: 6.664 },
    ],
  });
});

test('a state with a dash in its name', () => {
  expect(states('neighbors-2way')).toEqual(['va0 10.69.0.2 2-Way Other']);
});

test('no neighbours at all', () => {
  expect(states('neighbors-none')).toEqual([]);
});

test('a disabled protocol has the cure', () => {
  expect(states('neighbors-disabled')).toBe('protocol mesh4 is switched off in BIRD: birdc enable mesh4');
});

test('a configuration without the protocol has the cure', () => {
  expect(states('neighbors-unknown-protocol')).toBe(
    "BIRD runs a configuration without protocol mesh4: run 'wgospf apply'",
  );
});

test('the dead timer of BIRD 1.6 is minutes and seconds', () => {
  const text = '10.69.2.22  \t  1\tFull/PtP  \t01:07\tva0        10.70.89.1';
  const facts = parseNeighbors({ lines: [{ code: 1013, text }], code: 0 }, 'mesh4');
  expect(facts.up && facts.neighbors[0]?.deadTimer).toBe(67);
});
