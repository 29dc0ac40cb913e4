import { expect, test } from 'vitest';
import { ENDPOINTS_FILE, openNameCache, withNameCache } from '../../src/daemon/name-cache.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

const name = 'vpn222.example.net';
const names = new Set([name]);

test('the last good address survives a restart with a dead DNS', async () => {
  const host = createFakeHost();
  const before = await openNameCache(host.files);
  before.answer(name, ['192.0.2.1', '192.0.2.2']);
  before.proven(name, '192.0.2.2');
  await before.save(names);
  const after = await openNameCache(host.files);
  expect(after.addresses(name)).toEqual(['192.0.2.2']);
  after.answer(name, []); // DNS has no answer
  expect(after.addresses(name)).toEqual(['192.0.2.2']);
});

test("the address in use stays first while the name has it, and the others keep the resolver's order", async () => {
  const cache = await openNameCache(createFakeHost().files);
  cache.answer(name, ['2001:db8::1', '192.0.2.1']);
  cache.answer(name, ['192.0.2.1', '2001:db8::1']); // in reverse order
  expect(cache.addresses(name)).toEqual(['2001:db8::1', '192.0.2.1']);
  cache.answer(name, ['192.0.2.1', '2001:db8::2']); // the old one is gone
  expect(cache.addresses(name)).toEqual(['192.0.2.1', '2001:db8::2']);
});

test('names that left the state file are forgotten, and an unchanged file is not written', async () => {
  const host = createFakeHost();
  const cache = await openNameCache(host.files);
  cache.answer(name, ['192.0.2.1']);
  cache.answer('old.example.net', ['192.0.2.9']);
  await cache.save(names);
  expect(JSON.parse(host.state.files.get(ENDPOINTS_FILE)?.text ?? '')).toEqual({ [name]: '192.0.2.1' });
  const writes = host.writes();
  await cache.save(names);
  expect(host.writes()).toBe(writes);
});

test.each(['', 'nonsense', '[]', '{"vpn222.example.net": 7}', '{"vpn222.example.net": "not an address"}'])(
  'a file with %j in it counts as empty',
  async (text) => {
    const host = createFakeHost();
    writeFile(host.state, ENDPOINTS_FILE, text);
    expect((await openNameCache(host.files)).addresses(name)).toEqual([]);
  },
);

test('a full disk loses only the cache', async () => {
  const host = createFakeHost();
  const cache = await openNameCache(host.files);
  cache.answer(name, ['192.0.2.1']);
  host.failNext('files.write', 'ENOSPC');
  await cache.save(names);
  expect(cache.addresses(name)).toEqual(['192.0.2.1']);
  await cache.save(names);
  expect(host.state.files.has(ENDPOINTS_FILE)).toBe(true);
});

test('the host with the cache resolves names from it, and addresses without a question', async () => {
  const host = createFakeHost({ names: { [name]: ['192.0.2.1'] } });
  const cache = await openNameCache(host.files);
  const cached = withNameCache(host, cache);
  expect(await cached.resolveName(name)).toEqual([]);
  cache.answer(name, ['192.0.2.7']);
  expect(await cached.resolveName(name)).toEqual(['192.0.2.7']);
  expect(await cached.resolveName('192.0.2.3')).toEqual(['192.0.2.3']);
  expect(host.calls.filter((call) => call.name === 'host.resolveName')).toEqual([]);
});
