import { expect, it } from 'vitest';
import { createDriftBook } from '../../../src/daemon/monitor/drift-book.ts';
import type { Drift } from '../../../src/daemon/types.ts';
import type { Operation, Outcome, Report } from '../../../src/engine/types.ts';

const drift = (name: string, at = 0): Drift => ({ ref: `link:${name}`, undone: 'changed', at });

const operation = (name: string): Operation => ({
  ...{ kind: 'link', key: name, stage: 'link-up', action: 'update', impact: 'none', payload: undefined },
  command: `ip link set dev ${name} up`,
});
const done: Outcome = { status: 'done', ms: 1 };
const failed: Outcome = { status: 'failed', code: 'EBUSY', message: 'busy', ms: 1 };

function report(outcomes: Readonly<Record<string, Outcome>>, remaining: readonly string[] = []): Report {
  return {
    ...{ generation: 'g', waiting: [], foreign: [], conditions: [], inSync: remaining.length === 0 },
    results: Object.entries(outcomes).map(([name, outcome]) => ({ operation: operation(name), outcome })),
    remaining: remaining.map(operation),
  };
}

it('an undoing is news once, until a pass has repaired it', () => {
  const book = createDriftBook();
  expect(book.open(drift('wg1', 5), 'up=down')).toBe(true);
  expect(book.open(drift('wg1', 6), 'up=down')).toBe(false);
  const [repair] = book.settle(report({ wg1: done }));
  expect(repair?.drift.at).toBe(5);
  expect(repair?.operations.map(({ command }) => command)).toEqual(['ip link set dev wg1 up']);
  expect(book.settle(report({ wg1: done }))).toEqual([]);
  expect(book.open(drift('wg1', 7), 'up=down')).toBe(true);
});

it('an undoing whose repair failed, or that was only looked at, stays open until the repair succeeds', () => {
  const book = createDriftBook();
  book.open(drift('wg1', 5), 'up=down');
  expect(book.settle(report({ wg1: failed }, ['wg1']))).toEqual([]);
  expect(book.settle(report({}, ['wg1']))).toEqual([]);
  expect(book.isOpen('link:wg1')).toBe(true);
  expect(book.settle(report({ wg1: done })).map(({ drift: { at } }) => at)).toEqual([5]);
});

it('an undoing that a pass left is no news while it stays, and is news again once it was repaired or differs', () => {
  const book = createDriftBook();
  book.open(drift('wg1'), 'kind=foreign');
  expect(book.settle(report({}))).toEqual([]);
  expect(book.open(drift('wg1'), 'kind=foreign')).toBe(false);
  expect(book.open(drift('wg1'), 'kind=foreign up=down')).toBe(true);
  book.settle(report({}));
  book.sawFine('link:wg1');
  expect(book.open(drift('wg1'), 'kind=foreign up=down')).toBe(true);
});

it('a new model clears the book', () => {
  const book = createDriftBook();
  book.open(drift('wg1'), 'a');
  book.clear();
  expect(book.isOpen('link:wg1')).toBe(false);
  expect(book.settle(report({ wg1: done }))).toEqual([]);
});
