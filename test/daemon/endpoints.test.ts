import { beforeEach, expect, test } from 'vitest';
import { createEndpoints, type Endpoints } from '../../src/daemon/endpoints.ts';
import { openNameCache, withNameCache, type NameCache } from '../../src/daemon/name-cache.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import { createHandshakeAge } from '../../src/host/handshake-age.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { formatEndpoint } from '../../src/net/endpoint.ts';
import { createFakeClock, flush, type FakeClock } from '../fakes/fake-clock.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { device, model, name } from './calling-tunnel.ts';
import { done, report } from './reports.ts';

let clock: FakeClock;
let cache: NameCache;
let endpoints: Endpoints;
let events: DaemonEvent[];
let triggers: number;
/** the answer of DNS; a function may take time */
let dns: (name: string) => Promise<string[]>;
let asked: string[];
let looks: number;
/** the peer as the kernel has it */
let peer: { endpoint: string; latestHandshake: number };

/** seconds ago */
const handshake = (age: number): void => void (peer.latestHandshake = clock.now() / 1000 - age);

beforeEach(async () => {
  clock = createFakeClock();
  cache = await openNameCache(createFakeHost().files);
  events = [];
  triggers = 0;
  asked = [];
  looks = 0;
  peer = { endpoint: '', latestHandshake: 0 };
  dns = () => Promise.resolve(['192.0.2.1']);
  const wg = {
    devices: () => {
      looks++;
      return Promise.resolve([device(peer)]);
    },
  };
  endpoints = createEndpoints({
    host: {
      ...createFakeHost(),
      handshakeAge: createHandshakeAge(clock),
      wg: wg as unknown as Parameters<typeof createEndpoints>[0]['host']['wg'],
      resolveName: (asking) => {
        asked.push(asking);
        return dns(asking);
      },
    },
    ...{ cache, clock, random: () => 0 },
    emit: (event) => events.push(event),
    trigger: ({ reason }) => void (triggers += Number(reason === 'endpoint')),
  });
});

test('the pass for a new model waits for the answers of a working DNS', async () => {
  await endpoints.setModel(model(`${name}:51825`));
  expect(cache.addresses(name)).toEqual(['192.0.2.1']);
});

test('with a dead DNS a pass waits only briefly, and another pass follows when DNS works again', async () => {
  dns = () => new Promise((resolve) => void clock.after(2_000, () => resolve([])));
  let ready = false;
  const setting = endpoints.setModel(model(`${name}:51825`)).then(() => (ready = true));
  await clock.advance(300);
  expect(ready).toBe(true);
  await setting;
  await clock.advance(60_000);
  expect(asked.length).toBeGreaterThan(3);
  expect(triggers).toBe(0);
  dns = () => Promise.resolve(['192.0.2.1']);
  await clock.advance(60_000);
  expect(triggers).toBe(1); // and not again, though the fake kernel never applies it
});

test('a name from the disk is good enough for the start', async () => {
  cache.answer(name, ['192.0.2.1']);
  const disk = asked.length;
  await endpoints.setModel(model(`${name}:51825`));
  expect(asked.length).toBe(disk);
});

test('while the handshake is fresh no name is resolved, wherever the peer has roamed', async () => {
  await endpoints.setModel(model(`${name}:51825`));
  const before = asked.length;
  peer.endpoint = '198.51.100.77:40000';
  for (let i = 0; i < 20; i++) {
    handshake(0);
    await clock.advance(100_000);
  }
  expect(asked.length).toBe(before);
  expect(triggers).toBe(0);
  // and it is not looked at more often than a handshake can become stale
  expect(looks).toBeLessThan(25);
});

test('a stale tunnel resolves its name again, a pass sets the new address, and then it is reported', async () => {
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '192.0.2.1:51825';
  handshake(0);
  await clock.advance(5_000);
  dns = () => Promise.resolve(['192.0.2.2']);
  await clock.advance(129_000);
  expect(triggers).toBe(0);
  await clock.advance(4_000);
  expect(triggers).toBe(1);
  endpoints.passFinished(report());
  expect(events).toEqual([]);
  endpoints.passFinished(report({ results: [done('wireguard', 'wg222')] }));
  expect(events).toEqual([{ type: 'endpoint', tunnel: 'wg222', from: '192.0.2.1:51825', to: '192.0.2.2:51825' }]);
});

test('a stale tunnel whose name has one address has nothing to do', async () => {
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '192.0.2.1:51825';
  handshake(200);
  await clock.advance(600_000);
  expect(triggers).toBe(0);
});

/** What a pass would do: the endpoint becomes the first address of the tunnel. */
async function passes(ms: number): Promise<string[]> {
  const seen: string[] = [];
  const cached = withNameCache(createFakeHost(), cache);
  let done0 = triggers;
  for (let i = 0; i < ms / 500; i++) {
    await clock.advance(500);
    if (triggers === done0) continue;
    done0 = triggers;
    const usable = (await cached.resolveName(name, 'wg222')).filter((address) => !address.startsWith('10.'));
    const to = usable.map((address) => formatEndpoint({ host: address, port: 51825 }));
    const changes = !to.includes(peer.endpoint);
    if (changes) seen.push((peer.endpoint = to[0] ?? ''));
    endpoints.passFinished(changes ? report({ results: [done('wireguard', 'wg222')] }) : report());
  }
  return seen;
}

test('a stale tunnel tries the addresses of its name in turn, soon at first and later more slowly', async () => {
  dns = () => Promise.resolve(['2001:db8::2', '192.0.2.1', '10.70.0.9']);
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '[2001:db8::2]:51825';
  const A = '192.0.2.1:51825';
  const AAAA = '[2001:db8::2]:51825';
  expect(await passes(20_000)).toEqual([A, AAAA]);
  const later = await passes(60_000);
  expect(later.length).toBeLessThan(5);
  expect(later.slice(0, 2)).toEqual([A, AAAA]);
  expect((await passes(3_600_000)).length).toBeLessThan(50);
  expect(events.at(-1)).toMatchObject({ type: 'endpoint', tunnel: 'wg222' });
});

test('an address that works is kept, is tried first from then on, and survives a restart', async () => {
  const host = createFakeHost();
  dns = () => Promise.resolve(['192.0.2.1', '192.0.2.2']);
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '192.0.2.1:51825';
  expect(await passes(10_000)).toEqual(['192.0.2.2:51825']);
  handshake(0);
  await clock.advance(10_000);
  expect(triggers).toBe(1);
  expect(cache.addresses(name)).toEqual(['192.0.2.2', '192.0.2.1']);
  dns = () => Promise.resolve(['192.0.2.1', '192.0.2.2']);
  handshake(200);
  await clock.advance(1_000);
  expect((await withNameCache(host, cache).resolveName(name))[0]).toBe('192.0.2.2');
});

test('a live peer that roamed is not changed, whatever addresses its name has', async () => {
  dns = () => Promise.resolve(['192.0.2.1', '192.0.2.2']);
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '198.51.100.77:40000';
  for (let i = 0; i < 20; i++) {
    handshake(0);
    await clock.advance(100_000);
  }
  expect(triggers).toBe(0);
});

test('a name that stops or starts to resolve starts a pass, which reports it', async () => {
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '192.0.2.1:51825';
  handshake(200);
  dns = () => Promise.resolve([]);
  await clock.advance(60_000);
  expect([triggers, cache.fails(name), cache.addresses(name)]).toEqual([1, true, ['192.0.2.1']]);
  handshake(0); // and it is asked for although the peer has called meanwhile
  dns = () => Promise.resolve(['192.0.2.1']);
  await clock.advance(60_000);
  expect([triggers, cache.fails(name)]).toEqual([2, false]);
});

test('a tunnel that is stale after roaming tries the address of the file again', async () => {
  await endpoints.setModel(model('192.0.2.5:51825'));
  peer.endpoint = '198.51.100.77:40000';
  handshake(200);
  await clock.advance(2_000);
  expect(triggers).toBe(1);
  expect(asked).toEqual([]);
});

test('an address that packets come from is remembered as good', async () => {
  dns = () => Promise.resolve([]);
  await endpoints.setModel(model(`${name}:51825`));
  peer.endpoint = '192.0.2.8:51825';
  handshake(1);
  await clock.advance(5_000);
  expect(cache.addresses(name)).toEqual(['192.0.2.8']);
});

test('with a dead DNS not every name is waited for', async () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ ...model(`a${i}.example.net:1`).tunnels[0] }));
  const base = model(`${name}:51825`);
  dns = () => new Promise((resolve) => void clock.after(2_000, () => resolve([])));
  const setting = endpoints.setModel({ ...base, tunnels: many as RouterModel['tunnels'] });
  await clock.advance(10_000);
  await setting;
  expect(asked.length).toBeLessThan(7);
});

test('a closed watch asks no more', async () => {
  dns = () => Promise.resolve([]);
  await endpoints.setModel(model(`${name}:51825`));
  await endpoints.close();
  const before = asked.length;
  await clock.advance(600_000);
  await flush();
  expect(asked.length).toBe(before);
});

test('without a tunnel that has an endpoint nothing is watched', async () => {
  const base = model(`${name}:51825`);
  const [tunnel] = base.tunnels;
  const listening = { ...tunnel, peer: { ...tunnel?.peer, endpoint: undefined } };
  await endpoints.setModel({ ...base, tunnels: [listening] as RouterModel['tunnels'] });
  await clock.advance(600_000);
  expect(looks).toBeLessThan(2);
});

test('a clock that is set back causes no busy loop and makes no stale handshake fresh', async () => {
  peer = { endpoint: '192.0.2.9:51825', latestHandshake: 0 };
  handshake(-18_000);
  await endpoints.setModel(model(`${name}:51825`));
  looks = 0;
  await clock.advance(120_000);
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(10);
  expect(triggers).toBe(1);
});

test.each([-18_000, 18_000])('a fresh handshake stays fresh when the clock is set by %i seconds', async (seconds) => {
  peer = { endpoint: '192.0.2.9:51825', latestHandshake: 0 };
  handshake(1);
  await endpoints.setModel(model(`${name}:51825`));
  await clock.advance(1_000);
  clock.set(seconds * 1000);
  await endpoints.setModel(model(`${name}:51825`));
  await clock.advance(60_000);
  expect(triggers).toBe(0);
});
