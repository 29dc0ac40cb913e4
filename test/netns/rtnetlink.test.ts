// Our rtnetlink codec and transport against the real kernel, with ip(8) as the second opinion.
import { describe, expect, it } from 'vitest';
import type { AddressInfo } from '../../src/host/types.ts';
import { runScenario } from './rtnetlink/run-scenario.ts';
import { prefix } from './rtnetlink/ip.ts';

describe('links', () => {
  it('are made, marked, changed and deleted as ip shows them, and foreign ones stay as they are', async () => {
    const seen = await runScenario('links');
    expect(seen).toMatchObject({
      made: { ifname: 'wg7', mtu: 1420, ifalias: 'wgospf' },
      again: 'EEXIST',
      set: { ifname: 'wg7', mtu: 1300, ifalias: 'wgospf two words' },
      cleared: { name: 'wg7', kind: 'bridge', up: true, mtu: 1300, alias: '', master: '' },
      down: { up: false, mtu: 1300 },
      codes: ['ENODEV', 'ENODEV', 'EINVAL'],
    });
    expect(seen['left']).toEqual([
      { index: 1, name: 'lo', kind: '', up: false, mtu: 65536, alias: '', master: '' },
      { index: expect.any(Number) as number, name: 'eth8', kind: 'veth', up: false, mtu: 1500, alias: '', master: '' },
      {
        index: expect.any(Number) as number,
        name: 'eth7',
        kind: 'veth',
        up: false,
        mtu: 1400,
        alias: 'theirs',
        master: '',
      },
    ]);
  });
  it('of known and unknown kinds are distinguished without making one', async () => {
    expect(await runScenario('kinds')).toEqual({ known: [true, true, false], unchanged: true, agrees: true });
  });
});

describe('addresses', () => {
  it('are what ip shows, with peers, protocol and host bits, in both families', async () => {
    const { shown, read, loopback, codes, left } = await runScenario('addresses');
    expect(new Set(shown as object[])).toEqual(
      new Set([
        { local: '10.70.89.0', prefixlen: 31 },
        { local: '10.69.12.134', prefixlen: 16 },
        { local: '10.2.0.1', address: '10.2.0.9', prefixlen: 32 },
        { local: 'fd00::1', prefixlen: 64 },
        { local: 'fd01::1', address: 'fd01::2', prefixlen: 128 },
      ]),
    );
    // whether the kernel still looks for duplicates is a matter of moments
    const settled = (read as AddressInfo[]).map(({ dev, prefix: network, peer, protocol }) => ({
      dev,
      prefix: network,
      peer,
      protocol,
    }));
    expect(new Set(settled)).toEqual(
      new Set([
        { dev: 'wg7', prefix: prefix('10.70.89.0/31'), protocol: 87 },
        { dev: 'wg7', prefix: prefix('10.69.12.134/16'), protocol: 87 },
        { dev: 'wg7', prefix: prefix('10.2.0.1/32'), peer: '10.2.0.9', protocol: 87 },
        { dev: 'wg7', prefix: prefix('10.3.0.1/32'), peer: '10.3.0.9', protocol: 0 },
        { dev: 'wg7', prefix: prefix('fd00::1/64'), protocol: 87 },
        { dev: 'wg7', prefix: prefix('fd01::1/128'), peer: 'fd01::2', protocol: 87 },
        { dev: 'wg7', prefix: prefix('fd02::1/64'), protocol: 0 },
      ]),
    );
    expect(loopback).toBe(2);
    expect(codes).toEqual(['EEXIST', 'EADDRNOTAVAIL', 'ENODEV']);
    expect(left).toEqual(['10.3.0.1', 'fd02::1']);
  });
  it('go to the new link if a name was given to another one', async () => {
    expect(await runScenario('staleIndex')).toEqual({ gone: 'ENODEV', left: 0 });
  });
});

describe('routes', () => {
  it('are what ip shows, and a delete removes no other one', async () => {
    const { down, list, read, shown, codes, left } = await runScenario('routes');
    expect(down).toBe('ENETDOWN');
    expect(new Set(read as object[])).toEqual(new Set(list as object[]));
    expect(shown).toEqual([
      { type: 'unreachable', dst: 'default', table: '2', metric: 4294967295 },
      { dst: '10.70.89.0/31', dev: 'wg7', table: '2', scope: 'link' },
      { dst: '10.80.0.0/16', gateway: '10.70.89.1', dev: 'wg7', table: '70000', metric: 64 },
      { dst: 'fd00::/64', dev: 'wg7', table: '2', metric: 1024 },
      { dst: 'fd03::/64', gateway: 'fe80::1', dev: 'wg7', table: '2', metric: 1024 },
      { type: 'unreachable', dst: 'default', dev: 'lo', table: '2', metric: 4294967295 },
    ]);
    const [added, deleted] = [(codes as string[]).slice(0, 5), (codes as string[]).slice(5)];
    expect(added).toEqual(['EEXIST', 'EEXIST', 'EINVAL', 'ENODEV', 'ENETUNREACH']);
    expect(deleted).toEqual(['ESRCH', 'ESRCH', 'ESRCH', 'ESRCH', 'ESRCH']);
    expect(left).toEqual([]);
  });
  it('of others are read with several next hops, TOS, types and a gateway of the other family', async () => {
    const common = { table: 9, metric: 0 };
    expect(await runScenario('foreignRoutes')).toEqual([
      { ...common, type: 'unicast', dst: prefix('10.82.0.0/16'), protocol: 3, dev: '', hops: expect.any(Array) as [] },
      { ...common, type: 'other', dst: prefix('10.83.0.0/16'), protocol: 3, dev: 'wg7' },
      { ...common, type: 'throw', dst: prefix('10.84.0.0/16'), protocol: 12, dev: '' },
      { ...common, type: 'unicast', dst: prefix('10.85.0.0/16'), protocol: 3, dev: 'wg7', via: 'fe80::1' },
      { ...common, type: 'blackhole', dst: prefix('fd04::/64'), protocol: 3, dev: '', metric: 1024 },
    ]);
  });
});

describe('routes with several next hops', () => {
  it('are read with all of them, and deleted without the twin of another metric', async () => {
    const { hops, codes, added, left, byLink } = await runScenario('severalHops');
    const [by7, by8] = [
      { dev: 'wg7', via: '10.0.7.2' },
      { dev: 'wg8', via: '10.0.8.2' },
    ];
    expect(hops).toEqual([
      { dst: '10.81.0.0', dev: '', hops: [by7, by8] },
      { dst: '10.82.0.0', dev: '', hops: [{ dev: 'wg7', via: 'fe80::7' }, by8] },
      { dst: '10.83.0.0', dev: '', hops: [by7, by8], nexthop: 9 },
      { dst: '10.84.0.0', ...by7, nexthop: 7 },
      {
        dst: 'fd01::',
        dev: '',
        hops: [
          { dev: 'wg7', via: 'fe80::7' },
          { dev: 'wg8', via: 'fe80::8' },
        ],
      },
      { dst: 'fd02::', dev: 'wg7', via: 'fe80::7', nexthop: 6 },
    ]);
    expect(codes).toEqual(Array.from({ length: 6 }, () => 'done'));
    expect(added).toBe('EINVAL');
    expect(left).toEqual(Array.from({ length: 6 }, () => 64));
    expect(byLink).toEqual(['10.81.0.0', '10.82.0.0', '10.83.0.0', 'fd01::']);
  });
});

describe('foreign routes by the thousand', () => {
  it('are not in a listing of our table, our protocol or both', async () => {
    expect(await runScenario('foreignTable')).toEqual({
      ...{ table: 1, protocol: 1, both: 1, 'no such table': 0, 'no such link': 0, all: 8000 },
      few: true,
    });
  });
});

describe('rules', () => {
  it('are what ip shows, and a delete removes no other one', async () => {
    const { ours, read, byIp, codes, last, left } = await runScenario('rules');
    expect(new Set(read as object[])).toEqual(new Set(ours as object[]));
    expect(byIp).toMatchObject([
      { priority: 1010, dst: '10.69.0.0', dstlen: 16, iif: 'lo', table: '2' },
      { priority: 1011, src: '10.69.0.0', srclen: 16, iif: 'lo', table: '2' },
      { priority: 1012, dst: '10.69.0.0', iif: 'lo', action: 'unreachable' },
      { priority: 1012, src: '10.69.0.0', iif: 'lo', action: 'unreachable' },
      { priority: 1013, iif: 'lo', goto: 1100 },
      { priority: 1021, iif: 'eth1', table: '70000' },
      { priority: 1031, iif: 'wg7', table: '2' },
      { priority: 1031, iif: 'wg8', table: '2' },
      { priority: 1098, dst: '10.69.0.0', action: 'unreachable' },
      { priority: 1099, iif: 'wg7', action: 'prohibit' },
      { priority: 1100, nop: null },
      { priority: 1031, iif: 'wg7', table: '2' },
      { priority: 1098, dst: 'fd00::', dstlen: 8, action: 'blackhole' },
    ]);
    expect(codes).toEqual(['EEXIST', 'EINVAL', 'ENOENT', 'ENOENT', 'ENOENT']);
    expect(left).toEqual([last]);
  });
  it('of others keep unknown attributes in `extra`', async () => {
    expect(await runScenario('foreignRules')).toMatchObject([
      { priority: 500, table: 3, mark: '0x5/0x7', oif: 'lo', extra: 'not attr14=00000000' },
      { priority: 501, table: 300, extra: 'tos=4 attr20=0100000004000000 attr22=06' },
      { priority: 502, l3mdev: true, extra: '' },
      { priority: 503, family: 6, action: 'prohibit', from: prefix('fd00::/8'), iif: 'wg9', extra: '' },
    ]);
  });
  it('would be deleted by wildcard, in the order of the list, which we refuse', async () => {
    const narrow = { priority: 600, src: 'all', iif: 'wg7', table: '2' };
    const plain = { priority: 600, src: 'all', table: '2' };
    expect(await runScenario('wildcards')).toEqual({
      before: [narrow, plain],
      guarded: 'EBUSY',
      untouched: [narrow, plain],
      byKernel: [plain],
      left: [],
    });
  });
});

describe('many calls at once', () => {
  it('of one tick are sent as five datagrams for 300, in order, each with its own answer', async () => {
    const { datagrams, codes, order } = await runScenario('manyAtOnce');
    expect(datagrams).toBe(5);
    expect(codes).toEqual(Array.from({ length: 300 }, (_, index) => (index < 150 ? 'done' : 'EEXIST')));
    expect(order).toEqual(Array.from({ length: 150 }, (_, index) => `l${index}`));
  });
  it('on two sockets do not disturb each other', async () => {
    expect(await runScenario('twoSockets')).toEqual({ priorities: 1000 });
  });
});

describe('interrupted listings', () => {
  it('find all 5,000 rules although one is deleted meanwhile, which the kernel does not report', async () => {
    // IPv4 three times: the first lacks a rule, the second and third agree; IPv6 once
    expect(await runScenario('changingRules')).toMatchObject({ listings: 4, standing: 5000, all: 5005 });
  });
  it('find all lasting IPv6 routes although 500 are deleted meanwhile, which the kernel does not report', async () => {
    expect(await runScenario('changingRoutes')).toEqual({ standing: 3500, ours: 2 });
  });
  it('find all links although one is added meanwhile', async () => {
    expect(await runScenario('changingLinks')).toMatchObject({ listings: 2, standing: 60 });
  });
});
