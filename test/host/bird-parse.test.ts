// The parsers of BIRD's replies, with the replies of each BIRD (test/bird/record-transcripts.ts records them anew).
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseLsadb } from '../../src/host/bird/parse/lsadb.ts';
import { parseNeighbors } from '../../src/host/bird/parse/neighbors.ts';
import { parseOspfInterfaces } from '../../src/host/bird/parse/ospf-interfaces.ts';
import { parseProtocols } from '../../src/host/bird/parse/protocols.ts';
import { parseRouteCount, parseRoutes } from '../../src/host/bird/parse/routes.ts';
import { parseStatus } from '../../src/host/bird/parse/status.ts';
import { createReplyReader } from '../../src/host/bird/reply-reader.ts';
import type { BirdReply } from '../../src/host/types.ts';

const versions = ['1.6', '2.0', '2.x', '3.x'] as const;

function reply(version: string, question: string): BirdReply {
  const file = new URL(`../bird/transcripts/${version}/${question.replaceAll(' ', '-')}.txt`, import.meta.url);
  const [first, ...more] = [...createReplyReader().push(readFileSync(file, 'utf8'))];
  if (first === undefined || first === 'garbled' || more.length > 0) throw new Error(`${file.pathname} is no reply`);
  return first;
}

describe.each(versions)('BIRD %s', (version) => {
  const old = version === '1.6';
  const ask = (question: string): BirdReply => reply(version, question);
  /** 1.6 supports only OSPFv2 */
  const ospf = old ? ['mesh4'] : ['mesh4', 'mesh6'];

  test('show status', () => {
    const status = parseStatus(ask('show status'));
    expect(status).toMatchObject({ routerId: '10.69.1.1' });
    expect(status.version?.text.startsWith(version.replace('x', ''))).toBe(true);
    expect(status.version?.major).toBe(Number(version[0]));
    expect([status.lastReboot, status.lastReconfiguration]).not.toContain('');
  });

  test('show protocols', () => {
    const protocols = parseProtocols(ask('show protocols'));
    expect(protocols.map(({ name, type, state }) => `${type} ${name} ${state}`).sort()).toEqual(
      ['Device device1 up', 'Direct direct4 up', 'Kernel kernel4 up', ...ospf.map((name) => `OSPF ${name} up`)].sort(),
    );
    expect(protocols.find(({ name }) => name === 'mesh4')).toMatchObject({
      table: old ? 'master' : 'master4',
      info: 'Running',
      since: expect.stringMatching(/^\d\d:\d\d:\d\d/) as string,
      channels: [],
    });
  });

  test('show protocols all: routes of each channel', () => {
    const all = parseProtocols(ask('show protocols all'));
    const channels = (name: string): unknown => all.find((one) => one.name === name)?.channels;
    expect(all).toHaveLength(old ? 4 : 5);
    expect(channels('direct4')).toEqual([
      { name: old ? '' : 'ipv4', imported: 2, filtered: 0, exported: 0, preferred: 2 },
    ]);
    expect(channels('mesh4')).toMatchObject([{ imported: 3, preferred: 1 }]);
    // 1.6 prints no device routes
    expect(channels('kernel4')).toMatchObject([{ exported: old ? 1 : 3 }]);
    expect(channels('device1')).toHaveLength(old ? 1 : 0);
  });

  test('an unknown name is an error with its code', () => {
    expect(ask('show protocols nosuch').code).toBeGreaterThanOrEqual(8000);
    expect(ask('eval nosuch').code).toBe(9001);
    expect(ask('eval wgospf_generation')).toEqual({ code: 23, lines: [{ code: 23, text: '0123456789abcdef' }] });
    expect(ask('configure status').code).toBe(old ? 9001 : 0);
  });

  test('show ospf neighbors, of all protocols', () => {
    const found = parseNeighbors(ask('show ospf neighbors'));
    expect(found.map(({ protocol, up }) => `${protocol} ${String(up)}`)).toEqual(ospf.map((name) => `${name} true`));
    for (const { protocol, neighbors } of found) {
      const address = protocol === 'mesh6' ? 'fe80::2' : '10.70.89.1';
      expect(neighbors).toMatchObject([
        { routerId: '10.69.2.1', address, interface: 'cab', state: 'Full', role: 'PtP' },
      ]);
      expect(neighbors[0]?.deadTimer).toBeGreaterThan(5);
      expect(neighbors[0]?.deadTimer).toBeLessThanOrEqual(10);
    }
  });

  test('show ospf interface', () => {
    const found = parseOspfInterfaces(ask('show ospf interface'));
    expect(found.slice(0, 2)).toEqual([
      {
        ...{ protocol: 'mesh4', name: 'cab', network: '10.70.89.0/31', type: 'ptp', area: '0.0.0.0', state: 'PtP' },
        ...{ stub: false, cost: 15, hello: 1, dead: 10 },
      },
      {
        ...{ protocol: 'mesh4', name: 'lan', network: '10.69.1.0/24', type: 'broadcast', area: '0.0.0.0' },
        ...{ state: 'Waiting', stub: true, cost: 1, hello: 10, dead: 40 },
      },
    ]);
    const v3 = found.slice(2).find(({ state }) => state === 'PtP');
    expect(v3 && `${v3.protocol} ${v3.name} ${String(v3.network)}`).toBe(old ? undefined : 'mesh6 cab undefined');
  });

  test('show ospf lsadb', () => {
    const lsas = parseLsadb(ask('show ospf lsadb mesh4'));
    expect(lsas.map(({ scope, type, id, router }) => `${scope} ${type} ${id} ${router}`)).toEqual([
      'Area 0.0.0.0 0001 10.69.1.1 10.69.1.1',
      'Area 0.0.0.0 0001 10.69.2.1 10.69.2.1',
    ]);
    for (const { sequence, checksum } of lsas) expect(`${sequence} ${checksum}`).toMatch(/^8\w{7} \w{4}$/);
    if (old) return;
    const v3 = parseLsadb(ask('show ospf lsadb mesh6'));
    expect(new Set(v3.map(({ scope }) => scope))).toEqual(new Set(['Area 0.0.0.0', 'Link cab']));
    expect(v3.filter(({ type }) => type === '2001').map(({ router }) => router)).toEqual(['10.69.1.1', '10.69.2.1']);
    expect(ask('show ospf lsadb').code).toBe(9001); // if there are two protocols it needs the name
  });

  test('show route', () => {
    const routes = parseRoutes(ask('show route'));
    expect(routes.filter(({ primary }) => primary).sort((a, b) => (a.network < b.network ? -1 : 1))).toEqual(
      [
        { network: '10.69.1.0/24', protocol: 'direct4', preference: 240, nextHops: ['dev lan'] },
        { network: '10.69.2.0/24', protocol: 'mesh4', preference: 150, nextHops: ['via 10.70.89.1 on cab'] },
        { network: '10.70.89.0/31', protocol: 'direct4', preference: 240, nextHops: ['dev cab'] },
      ].map((route) => ({ table: old ? '' : 'master4', primary: true, ...route })),
    );
    expect(routes).toHaveLength(5);
  });

  test('show route count', () => {
    expect(parseRouteCount(ask('show route count'))).toEqual({ routes: 5, networks: 3 });
  });
});
