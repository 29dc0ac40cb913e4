import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalRules, insertRule, matchRule } from '../../../src/host/rtnetlink/rule-match.ts';
import type { RuleInfo } from '../../../src/host/types.ts';
import { parsePrefix } from '../../../src/net/ip.ts';
import * as arbitrary from './arbitraries.ts';

const to = parsePrefix('10.69.0.0/16');
const rule: RuleInfo = {
  family: 4,
  priority: 1098,
  action: 'unreachable',
  iif: '',
  from: undefined,
  to,
  protocol: 87,
  extra: '',
};
const narrower: RuleInfo = { ...rule, iif: 'eth9' };

describe('matchRule', () => {
  it('finds the equal rule among others', () => {
    expect(matchRule([{ ...rule, priority: 5 }, narrower, rule], narrower)).toEqual({ index: 1 });
    expect(matchRule([rule, narrower], rule)).toEqual({ index: 0 });
  });
  it('names the rule that the kernel would delete instead', () => {
    expect(matchRule([narrower, rule], rule)).toEqual({ other: narrower });
    const inverted = { ...rule, extra: 'not' };
    expect(matchRule([inverted, rule], rule)).toEqual({ other: inverted });
    const jump: RuleInfo = { ...rule, action: 'goto', target: 1100 };
    const elsewhere = { ...jump, target: 1200 };
    expect(matchRule([elsewhere, jump], jump)).toEqual({ other: elsewhere });
  });
  it('finds nothing if only a similar rule exists', () => {
    expect(matchRule([narrower], rule)).toBe('missing');
    expect(matchRule([rule], narrower)).toBe('missing');
    expect(
      matchRule(
        [
          { ...rule, protocol: 3 },
          { ...rule, family: 6 },
        ],
        rule,
      ),
    ).toBe('missing');
  });
  it('never returns a rule that differs', () => {
    const near = fc.record({
      ...Object.fromEntries(Object.entries(rule).map(([key, value]) => [key, fc.constant(value)])),
      iif: fc.constantFrom('', 'lo', 'wg7'),
      to: fc.constantFrom(undefined, to),
      from: fc.constantFrom(undefined, to),
      protocol: fc.constantFrom(0, 87),
      extra: fc.constantFrom('', 'not'),
    }) as unknown as fc.Arbitrary<RuleInfo>;
    fc.assert(
      fc.property(fc.array(near), near, (rules, asked) => {
        const match = matchRule(rules, asked);
        const stands = rules.some((other) => equalRules(other, asked));
        if (match === 'missing') expect(stands).toBe(false);
        else if ('index' in match) expect(rules[match.index]).toEqual(asked);
        else expect([stands, equalRules(match.other, asked)]).toEqual([true, false]);
      }),
    );
  });
});

describe('equalRules', () => {
  it('is true for a rule and itself, and false for two that differ', () => {
    fc.assert(
      fc.property(arbitrary.rule, arbitrary.rule, (a, b) => {
        expect(equalRules(a, { ...a })).toBe(true);
        if (JSON.stringify(a) !== JSON.stringify(b)) expect(equalRules(a, b)).toBe(false);
      }),
    );
  });
});

describe('insertRule', () => {
  const priorities = (rules: readonly RuleInfo[]): number[] => rules.map(({ priority }) => priority);

  it('inserts a rule after those of its priority', () => {
    const rules = [rule, { ...rule, priority: 1100 }];
    insertRule(rules, narrower);
    expect(rules[1]).toBe(narrower);
    insertRule(rules, { ...rule, priority: 2000 });
    insertRule(rules, { ...rule, priority: 1 });
    expect(priorities(rules)).toEqual([1, 1098, 1098, 1100, 2000]);
  });
  it('does not insert an equal rule', () => {
    const rules = [rule];
    insertRule(rules, { ...rule });
    expect(rules).toHaveLength(1);
  });
});
