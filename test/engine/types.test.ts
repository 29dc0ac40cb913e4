// What the compiler enforces: names of fields belong to a kind, and an observer has no writes.
import { expect, test } from 'vitest';
import type { AnyResource, Change } from '../../src/engine/types.ts';
import type { link } from '../../src/resources/link/index.ts';
import type { wireguard } from '../../src/resources/wireguard/index.ts';

type FieldsOf<C> = C extends { readonly type: 'update'; readonly fields: infer F } ? F : never;
type LinkFields = FieldsOf<Parameters<(typeof link)['plan']>[0]>;
type WireguardFields = FieldsOf<Parameters<(typeof wireguard)['plan']>[0]>;

test('a field that a kind does not have is refused by the compiler', () => {
  const mtu: LinkFields = ['mtu'];
  const port: WireguardFields = ['listenPort'];
  expect(mtu.includes('mtu') && port.includes('listenPort')).toBe(true);
  // @ts-expect-error -- no field of a link
  expect(mtu.includes('mtuu')).toBe(false);
  // @ts-expect-error -- no field of a WireGuard device
  expect(port.includes('mtu')).toBe(false);
  // @ts-expect-error -- a change of a link tells of no other kind's fields
  const change: Change<never, 'mtu'>['type'] extends string ? LinkFields : never = ['endpoint'];
  expect(change).toHaveLength(1);
});

type Reader = Parameters<AnyResource['observe']>[0];
type Has<T, K> = K extends keyof T ? true : false;
type Writes = [
  Has<Reader['rtnl'], 'addRule'>,
  Has<Reader['sysctl'], 'write'>,
  Has<Reader['files'], 'write'>,
  Has<Reader['notes'], 'note'>,
  Has<Reader['bird'], 'command'>,
  Has<Reader['nft'], 'run'>,
];

test('an observation that writes is refused by the compiler', () => {
  const reads: Has<Reader['rtnl'], 'rules'> = true;
  const writes: Writes = [false, false, false, false, false, false];
  expect([reads, ...writes].filter(Boolean)).toEqual([true]);
});
