import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import * as nl from '../../../src/host/rtnetlink/constants.ts';
import { HEADER_SIZE } from '../../../src/host/rtnetlink/message.ts';
import { encodeRuleChange } from '../../../src/host/rtnetlink/rule.ts';
import { acknowledgeAll } from './fake-kernel.ts';
import { address, code, nameIn, rule, setUp, withWorld } from './fake-world.ts';
import { acknowledge } from './wire.ts';

describe('batching', () => {
  it('sends 300 calls of one tick in five buffers, in the order of the calls', async () => {
    const { rtnl, kernel } = setUp();
    const rules = Array.from({ length: 300 }, (_, index) => rule(1000 + index));
    await Promise.all(rules.map((each) => rtnl.addRule(each)));
    expect(kernel.datagrams.map(({ length }) => length)).toEqual([64, 64, 64, 64, 44]);
    const body = (message: Buffer): string => message.toString('hex', HEADER_SIZE);
    expect(kernel.datagrams.flat().map(body)).toEqual(rules.map((each) => body(encodeRuleChange('add', each))));
  });
  it('joins the calls of several functions within one turn of the loop', async () => {
    const { rtnl, types } = setUp();
    const later = async (priority: number): Promise<void> => {
      await Promise.resolve();
      await Promise.resolve();
      return rtnl.addRule(rule(priority));
    };
    await Promise.all([rtnl.addRule(rule(1)), later(2), later(3)]);
    expect(types()).toEqual([[nl.RTM_NEWRULE, nl.RTM_NEWRULE, nl.RTM_NEWRULE]]);
  });
  it('rejects only the call that the kernel refuses', async () => {
    let count = 0;
    const { rtnl } = setUp((message) => [acknowledge(message, count++ === 1 ? 'EEXIST' : '')]);
    const results = await Promise.all([1, 2, 3].map((priority) => code(rtnl.addRule(rule(priority)))));
    expect(results).toEqual(['done', 'EEXIST', 'done']);
  });
  it('rejects only the call that cannot be encoded', async () => {
    const { rtnl, types } = setUp(withWorld({ links: { wg7: 9 } }));
    const bad = { ...address('wg7'), peer: 'no:address' };
    const results = await Promise.all([code(rtnl.addAddress(bad)), code(rtnl.addAddress(address('wg7')))]);
    expect(results[1]).toBe('done');
    expect(results[0]).not.toBe('done');
    expect(types()).toEqual([[nl.RTM_GETLINK], [nl.RTM_NEWADDR]]);
  });
  it('keeps a listing between the calls before and after it', async () => {
    const { rtnl, types } = setUp(withWorld({}));
    await Promise.all([rtnl.addRule(rule(1)), rtnl.rules(), rtnl.addRule(rule(2))]);
    expect(types()).toEqual([[nl.RTM_NEWRULE], [nl.RTM_GETRULE], [nl.RTM_GETRULE], [nl.RTM_NEWRULE]]);
  });
});

describe('links', () => {
  const wg7 = { name: 'wg7', kind: 'wireguard', alias: 'wgospf', mtu: undefined } as const;

  it('sets the alias right after the link is made', async () => {
    const { rtnl, types } = setUp();
    await Promise.all([rtnl.addLink(wg7), rtnl.addLink({ ...wg7, name: 'wg8' }), rtnl.setLink('wg7', { up: true })]);
    expect(types()).toEqual([
      [nl.RTM_NEWLINK, nl.RTM_NEWLINK],
      [nl.RTM_SETLINK, nl.RTM_SETLINK, nl.RTM_SETLINK],
    ]);
  });
  it('never marks a link that it did not make', async () => {
    const { rtnl, types } = setUp((message) => [acknowledge(message, 'EEXIST')]);
    expect(await code(rtnl.addLink(wg7))).toBe('EEXIST');
    expect(types()).toEqual([[nl.RTM_NEWLINK]]);
  });
  it('reports a kind that the kernel lacks in plain words', async () => {
    const { rtnl } = setUp((message) => [acknowledge(message, 'EOPNOTSUPP')]);
    await expect(rtnl.addLink(wg7)).rejects.toThrow(
      'add link wg7 type wireguard: the kernel has no such kind of link (is the module wireguard missing?) (EOPNOTSUPP)',
    );
  });
  it.each([
    ['EOPNOTSUPP', false],
    ['EINVAL', true],
  ] as const)('reads %s as a known kind: %s', async (answer, known) => {
    const { rtnl, kernel } = setUp((message) => [acknowledge(message, answer)]);
    await expect(rtnl.supportsLinkKind('wireguard')).resolves.toBe(known);
    expect(kernel.datagrams.flat().map(nameIn)).toEqual(['wgospf/probe']);
  });
  it('does not know without permission', async () => {
    const { rtnl } = setUp((message) => [acknowledge(message, 'EPERM')]);
    expect(await code(rtnl.supportsLinkKind('dummy'))).toBe('EPERM');
  });
});

describe('a socket that fails', () => {
  it('rejects each running call by its own name, and continues with the waiting calls', async () => {
    const { rtnl, kernel } = setUp(() => []);
    const first = Array.from({ length: 64 }, (_, index) => rtnl.addRule(rule(index)).catch(String));
    const waiting = rtnl.addRule(rule(5000));
    await nextTurn();
    kernel.respond = acknowledgeAll;
    kernel.sockets[0]?.handlers.error(new Error('ENOBUFS'));
    const failed = await Promise.all(first);
    expect(failed[63]).toMatch(/^HostError: add rule 63 nop \(IPv4\): .* \(ENOBUFS\)$/);
    expect(new Set(failed).size).toBe(64);
    await expect(waiting).resolves.toBeUndefined();
    expect(kernel.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });
});
