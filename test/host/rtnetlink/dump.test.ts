import { describe, expect, it } from 'vitest';
import { NLM_F_DUMP_INTR, RTM_NEWRULE } from '../../../src/host/rtnetlink/constants.ts';
import { dump } from '../../../src/host/rtnetlink/dump.ts';
import { equalRules } from '../../../src/host/rtnetlink/rule-match.ts';
import { decodeRule, encodeRuleChange, encodeRuleDump } from '../../../src/host/rtnetlink/rule.ts';
import { createTransport } from '../../../src/host/rtnetlink/transport.ts';
import type { RuleInfo } from '../../../src/host/types.ts';
import { createFakeKernel, type Respond } from './fake-kernel.ts';
import { done, object, type Errno } from './wire.ts';

const rule: RuleInfo = {
  family: 4,
  priority: 1021,
  action: 'lookup',
  table: 2,
  iif: 'wg7',
  from: undefined,
  to: undefined,
  protocol: 87,
  extra: '',
};

/** Answers the first dumps wrongly, each in its way, and the later ones correctly. */
const troubled = (...answers: readonly { code?: Errno; flags?: number }[]): Respond => {
  let attempt = 0;
  return (message) => {
    const end = answers[attempt++] ?? {};
    return [object(message, encodeRuleChange('add', rule), { type: RTM_NEWRULE }), done(message, end)];
  };
};
const list = (respond: Respond, same?: typeof equalRules): { result: Promise<RuleInfo[]>; attempts: () => number } => {
  const kernel = createFakeKernel(respond);
  const transport = createTransport({ openSocket: kernel.openSocket, deadline: 10_000 });
  const request = {
    operation: 'list rules (IPv4)',
    message: encodeRuleDump(4),
    decode: decodeRule,
    ...(same && { same }),
  };
  return { result: dump(transport, request), attempts: () => kernel.datagrams.length };
};
const interrupted = { flags: NLM_F_DUMP_INTR };

describe('dump', () => {
  it('returns every object once', async () => {
    await expect(list(troubled()).result).resolves.toEqual([rule]);
  });
  it('repeats an interrupted dump, and one that another dump or a change prevented', async () => {
    const { result, attempts } = list(troubled(interrupted, { code: 'EBUSY' }, { code: 'EINTR' }));
    await expect(result).resolves.toEqual([rule]);
    expect(attempts()).toBe(4);
  });
  it('gives up after five attempts with the last reason', async () => {
    const changing = list(troubled(...Array.from({ length: 9 }, () => interrupted)));
    await expect(changing.result).rejects.toMatchObject({ operation: 'list rules (IPv4)', code: 'EINTR' });
    expect(changing.attempts()).toBe(5);
    const busy = list(troubled(...Array.from({ length: 9 }, () => ({ code: 'EBUSY' as const }))));
    await expect(busy.result).rejects.toMatchObject({
      code: 'EBUSY',
      detail: 'the kernel is busy with it (5 attempts)',
    });
  });
  it('returns any other error at the end of a dump', async () => {
    const { result, attempts } = list(troubled({ code: 'EPERM' }));
    await expect(result).rejects.toMatchObject({ code: 'EPERM' });
    expect(attempts()).toBe(1);
  });

  describe('if the kernel does not report the interruption', () => {
    const lists = (...listings: readonly (readonly number[])[]): Respond => {
      let attempt = 0;
      return (message) => {
        const priorities = listings[attempt++] ?? listings.at(-1) ?? [];
        const rules = priorities.map((priority) => encodeRuleChange('add', { ...rule, priority }));
        return [...rules.map((bytes) => object(message, bytes, { type: RTM_NEWRULE })), done(message)];
      };
    };
    const priorities = async (result: Promise<RuleInfo[]>): Promise<number[]> =>
      (await result).map(({ priority }) => priority);

    it('lists until two listings in a row are equal', async () => {
      const { result, attempts } = list(lists([1, 2, 3], [1, 3], [1, 2, 3], [1, 2, 3]), equalRules);
      expect(await priorities(result)).toEqual([1, 2, 3]);
      expect(attempts()).toBe(4);
    });
    it('does not repeat a listing that came in one datagram', async () => {
      const { result, attempts } = list(lists([1]), equalRules);
      expect(await priorities(result)).toEqual([1]);
      expect(attempts()).toBe(1);
    });
    it('gives up if no two listings are equal', async () => {
      const { result } = list(lists([1, 2], [1, 3], [1, 2], [1, 3], [1, 2]), equalRules);
      await expect(result).rejects.toMatchObject({ code: 'EINTR' });
    });
  });
});
