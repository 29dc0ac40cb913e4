// BIRD's `show ospf neighbors` as recorded.
import { expect, test } from 'vitest';
import { ospfFacts } from '../../src/status/ospf-facts.ts';
import { recorded } from './recorded.ts';

const states = (name: string): unknown => {
  const facts = ospfFacts(recorded(name));
  return facts.up ? facts.neighbors.map((n) => `${n.interface} ${n.address} ${n.state} ${n.role}`) : facts.reason;
};

test('Full, ExStart and Init are read in the order of the reply', () => {
  expect(states('neighbors-stuck')).toEqual([
    'va0 10.70.89.1 Full PtP',
    'va1 10.70.89.3 Full PtP',
    'va2 10.70.89.5 ExStart PtP',
    'va3 10.70.89.7 Init PtP',
  ]);
});

test('router id and dead timer are read', () => {
  const facts = ospfFacts(recorded('neighbors-dr'));
  expect(facts).toEqual({
    up: true,
    neighbors: [
      { routerId: '10.69.2.22', address: '10.69.0.2', interface: 'va0', state: 'Full', role: 'DR', deadTimer: 6.664 },
    ],
  });
});

test('a state with a dash in its name is read', () => {
  expect(states('neighbors-2way')).toEqual(['va0 10.69.0.2 2-Way Other']);
});

test('a reply without neighbours gives none', () => {
  expect(states('neighbors-none')).toEqual([]);
});

test('a disabled protocol has the cure', () => {
  expect(states('neighbors-disabled')).toBe('protocol mesh4 is switched off in BIRD: birdc enable mesh4');
});

test('a configuration without OSPF has the cure', () => {
  const reply = { lines: [{ code: 9001, text: 'There is no OSPF protocol running' }], code: 9001 };
  expect(ospfFacts(reply)).toEqual({
    up: false,
    reason:
      "BIRD runs a configuration without OSPF: run 'wgospf reload', or 'wgospf apply' where the daemon does not run",
  });
});
