// Policy rules: when two are equal, where a new one is placed, and which one a delete removes.
import { expect } from 'vitest';
import type { Family } from '../../../src/net/ip.ts';
import type { Check } from './lab.ts';
import { prefix, rule, rulesOf } from './lab.ts';

const families: readonly Family[] = [4, 6];

export const ruleChecks: Check[] = [
  {
    name: 'a new host has the default rules of both families',
    run: async (lab) => {
      const rules = ['0: lookup 255 proto 2', '32766: lookup 254 proto 2', '32767: lookup 253 proto 2'];
      expect(await rulesOf(lab, 4)).toEqual(rules);
      expect(await rulesOf(lab, 6)).toEqual(rules.slice(0, 2).map((r) => `-6 ${r}`));
    },
  },
  {
    name: 'a rule may name a missing link',
    run: async (lab) => {
      await lab.host.rtnl.addRule(rule(1031, { iif: 'wg222' }));
      expect(await rulesOf(lab, 4)).toContain('1031: iif wg222 lookup 2 proto 87');
    },
  },
  {
    name: 'rules may differ in iif, table, protocol, priority or action, and an equal one is refused',
    run: async ({ host: { rtnl } }) => {
      for (const family of families) {
        await rtnl.addRule(rule(1031, { family, iif: 'v0' }));
        await rtnl.addRule(rule(1031, { family, iif: 'v1' }));
        await rtnl.addRule(rule(1031, { family, iif: 'v0', table: 3 }));
        await rtnl.addRule(rule(1031, { family, iif: 'v0', protocol: 88 }));
        await rtnl.addRule(rule(1032, { family, iif: 'v0' }));
        await rtnl.addRule(rule(1031, { family, iif: 'v0', action: 'unreachable' }));
        const again = rtnl.addRule(rule(1031, { family, iif: 'v0' }));
        await expect(again).rejects.toMatchObject({ code: 'EEXIST' });
      }
    },
  },
  {
    name: 'rules are ordered by priority, then by age',
    run: async (lab) => {
      const { rtnl } = lab.host;
      await rtnl.addRule(rule(1099, { iif: 'v0', action: 'unreachable' }));
      await rtnl.addRule(rule(1031, { iif: 'v1' }));
      await rtnl.addRule(rule(1031, { iif: 'v0' }));
      expect((await rulesOf(lab, 4)).slice(1, -2)).toEqual([
        '1031: iif v1 lookup 2 proto 87',
        '1031: iif v0 lookup 2 proto 87',
        '1099: iif v0 unreachable proto 87',
      ]);
    },
  },
  {
    name: 'a delete removes the equal rule, never one that is only similar',
    run: async (lab) => {
      const { rtnl } = lab.host;
      const ours = rule(1031, { iif: 'v0' });
      const others = [
        { iif: '' },
        { iif: 'v1' },
        { table: 3 },
        { protocol: 0 },
        { priority: 1032 },
        { action: 'unreachable' },
      ] as const;
      for (const other of others) await rtnl.addRule({ ...ours, ...other });
      await expect(rtnl.deleteRule(ours)).rejects.toMatchObject({ code: 'ENOENT' });
      const before = await rulesOf(lab, 4);
      await rtnl.addRule(ours);
      await rtnl.deleteRule(ours);
      expect(await rulesOf(lab, 4)).toEqual(before);
    },
  },
  {
    name: 'a rule without `from` or `to` counts as present if one with them exists, and not the other way round',
    run: async (lab) => {
      const { rtnl } = lab.host;
      for (const side of ['from', 'to'] as const) {
        const narrow = rule(1031, { iif: 'v0', [side]: prefix('10.0.0.0/8') });
        await rtnl.addRule(narrow);
        await expect(rtnl.addRule(rule(1031, { iif: 'v0' }))).rejects.toMatchObject({ code: 'EEXIST' });
        await rtnl.deleteRule(narrow);
        await rtnl.addRule(rule(1031, { iif: 'v0' }));
        await rtnl.addRule(narrow);
        await rtnl.deleteRule(rule(1031, { iif: 'v0' }));
        expect(await rulesOf(lab, 4)).toContain(`1031: ${side} 10.0.0.0/8 iif v0 lookup 2 proto 87`);
        await rtnl.deleteRule(narrow);
      }
    },
  },
  {
    name: 'a goto may lead forward to a missing rule, never back',
    run: async (lab) => {
      const { rtnl } = lab.host;
      for (const family of families) {
        await rtnl.addRule(rule(1013, { family, iif: 'lo', action: 'goto', target: 1100 }));
        await rtnl.addRule(rule(1100, { family, action: 'nop' }));
        const back = rtnl.addRule(rule(1014, { family, action: 'goto', target: 1000 }));
        await expect(back).rejects.toMatchObject({ code: 'EINVAL' });
      }
      expect((await rulesOf(lab, 6)).slice(1, -1)).toEqual([
        '-6 1013: iif lo goto 1100 proto 87',
        '-6 1100: nop proto 87',
      ]);
    },
  },
  {
    name: 'a typed rule without priority comes before the second one, without protocol',
    run: async (lab) => {
      await lab.type('ip rule add from 10.70.89.0 table 2\nip rule add iif v0 table 2');
      expect((await rulesOf(lab, 4)).slice(1, -2)).toEqual([
        '32764: iif v0 lookup 2 proto 0',
        '32765: from 10.70.89.0/32 lookup 2 proto 0',
      ]);
    },
  },
];
