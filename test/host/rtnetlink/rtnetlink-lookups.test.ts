import { describe, expect, it, vi } from 'vitest';
import * as nl from '../../../src/host/rtnetlink/constants.ts';
import { HEADER_SIZE } from '../../../src/host/rtnetlink/message.ts';
import type { Respond } from './fake-kernel.ts';
import { address, code, linkMessage, prefix, route, rule, setUp, withWorld } from './fake-world.ts';
import { acknowledge, object } from './wire.ts';

describe('indexes of links', () => {
  const ifindexOf = (message: Buffer | undefined): number | undefined => message?.readUInt32LE(HEADER_SIZE + 4);

  it('asks once for a name, and not at all after a listing', async () => {
    const { rtnl, kernel, types } = setUp(withWorld({ links: { wg7: 9, wg8: 10 } }));
    await Promise.all(
      [address('wg7'), address('wg7', 'fd00::1/64'), address('wg8')].map((each) => rtnl.addAddress(each)),
    );
    expect(types()).toEqual([
      [nl.RTM_GETLINK, nl.RTM_GETLINK],
      [nl.RTM_NEWADDR, nl.RTM_NEWADDR, nl.RTM_NEWADDR],
    ]);
    expect(kernel.datagrams[1]?.map(ifindexOf)).toEqual([9, 9, 10]);
    await rtnl.addRoute(route('wg8'));
    expect(types().slice(2)).toEqual([[nl.RTM_NEWROUTE]]);
  });
  it('lists all links if many names are new', async () => {
    const links = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`wg${index}`, 10 + index]));
    const { rtnl, types } = setUp(withWorld({ links }));
    await Promise.all(Object.keys(links).map((name) => rtnl.addAddress(address(name))));
    expect(types()).toEqual([[nl.RTM_GETLINK], Array.from({ length: 20 }, () => nl.RTM_NEWADDR)]);
  });
  it("rejects with ENODEV for a name without a link, and for another link's alternative name", async () => {
    const respond: Respond = (message) => [
      object(message, linkMessage(3, 'eth0'), { type: nl.RTM_NEWLINK }),
      acknowledge(message),
    ];
    for (const setup of [setUp(withWorld({})), setUp(respond)]) {
      await expect(setup.rtnl.addAddress(address('wg7'))).rejects.toThrow(
        'add address 10.70.89.1/31 dev wg7: there is no such device (ENODEV)',
      );
      expect(setup.types()).toEqual([[nl.RTM_GETLINK]]);
    }
  });
  it('tries again with a fresh index if the cached one is stale', async () => {
    const links: Record<string, number> = { wg7: 9 };
    const { rtnl, kernel } = setUp(
      withWorld({ links }, (message) => [acknowledge(message, ifindexOf(message) === 9 ? 'ENODEV' : '')]),
    );
    await rtnl.links();
    links['wg7'] = 12;
    await rtnl.addAddress(address('wg7'));
    expect(kernel.datagrams.at(-1)?.map(ifindexOf)).toEqual([12]);
    links['wg7'] = 9;
    await rtnl.links();
    expect(await code(rtnl.addAddress(address('wg7')))).toBe('ENODEV');
  });
  it('keeps a link whose entry expires between two uses of the cache', async () => {
    const routes = [9, 9].map((ifindex) => ({ route: route('x'), ifindex }));
    const { rtnl } = setUp(withWorld({ links: { wg7: 9 }, routes }));
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 400));
    const calls = Array.from({ length: 5 }, () => rtnl.addAddress(address('wg7')));
    expect(await Promise.all(calls.map(code))).toEqual(['done', 'done', 'done', 'done', 'done']);
    await expect(rtnl.routes()).resolves.toEqual([route('wg7'), route('wg7')]);
    clock.mockRestore();
  });
  it('forgets an index when the link is deleted', async () => {
    const links: Record<string, number> = { wg7: 9 };
    const { rtnl, kernel } = setUp(withWorld({ links }));
    await rtnl.links();
    await rtnl.deleteLink('wg7');
    links['wg7'] = 12;
    await rtnl.addAddress(address('wg7'));
    expect(kernel.datagrams.at(-1)?.map(ifindexOf)).toEqual([12]);
  });
  it('leaves out routes of a link that disappeared during the listing', async () => {
    const routes = [9, 10].map((ifindex) => ({ route: route('x'), ifindex }));
    const { rtnl } = setUp(withWorld({ links: { wg7: 9 }, routes }));
    await expect(rtnl.routes()).resolves.toEqual([route('wg7')]);
  });
});

describe('deleting rules', () => {
  const guard = rule(1098, { action: 'unreachable', to: prefix('10.69.0.0/16') });
  const narrower = { ...guard, iif: 'eth9' };

  it('lists the rules first, and deletes the equal one', async () => {
    const { rtnl, types } = setUp(withWorld({ rules: [guard, narrower] }));
    await rtnl.deleteRule(guard);
    expect(types()).toEqual([[nl.RTM_GETRULE], [nl.RTM_DELRULE]]);
  });
  it('sends nothing if the kernel would delete another rule, or has none', async () => {
    const { rtnl, types } = setUp(withWorld({ rules: [narrower, guard] }));
    await expect(rtnl.deleteRule(guard)).rejects.toThrow(
      'delete rule 1098 to 10.69.0.0/16 unreachable (IPv4): the kernel would delete rule 1098 to 10.69.0.0/16 iif eth9 ' +
        'unreachable (IPv4) instead, which comes before it (EBUSY)',
    );
    expect(await code(rtnl.deleteRule(rule(7)))).toBe('ENOENT');
    expect(types()).toEqual([[nl.RTM_GETRULE], [nl.RTM_GETRULE]]);
  });
  it('follows the changes of its own batch', async () => {
    const { rtnl, types } = setUp(withWorld({ rules: [narrower, guard] }));
    const results = [
      rtnl.deleteRule(narrower),
      rtnl.deleteRule(guard),
      rtnl.addRule(rule(7)),
      rtnl.deleteRule(rule(7)),
    ];
    expect(await Promise.all(results.map(code))).toEqual(['done', 'done', 'done', 'done']);
    expect(types()[1]).toEqual([nl.RTM_DELRULE, nl.RTM_DELRULE, nl.RTM_NEWRULE, nl.RTM_DELRULE]);
  });
});
