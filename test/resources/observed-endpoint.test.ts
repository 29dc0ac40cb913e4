// Which endpoint counts: the kernel's after a live peer has moved; the file's as soon as an operator has edited it.
import { expect, test } from 'vitest';
import type { Tunnel } from '../../src/model/types.ts';
import type { Host, WgPeer } from '../../src/host/types.ts';
import { observedEndpoint, STALE_AFTER } from '../../src/resources/wireguard/endpoint.ts';
import { tunnel } from '../cli/samples.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { peer } from '../status/status-samples.ts';

const NAME = 'vpn222.example.net';
const FILE = `${NAME}:51825`;
const ROAMED = '203.0.113.99:4000';

interface Seen {
  readonly noted: string;
  /** seconds since the last handshake */
  readonly age: number;
  readonly resolves?: boolean;
  readonly found?: Partial<WgPeer>;
}

/** The endpoint that the comparison uses for the kernel's: the file's own text if they agree. */
async function seen({ noted, age, resolves = true, found = { endpoint: ROAMED } }: Seen): Promise<string> {
  const fake = createFakeHost({ names: resolves ? { [NAME]: ['192.0.2.1', '192.0.2.2'] } : {} });
  const host: Host = { ...fake, handshakeAge: () => age };
  const of: Tunnel = tunnel('wg222');
  const { text } = await observedEndpoint({ peer: peer(found), tunnel: of, setEndpoint: noted, mesh: [] }, host);
  return text;
}

test.each<[string, Seen, string]>([
  ['a live peer that moved keeps its address', { noted: FILE, age: 5 }, FILE],
  ['an edited endpoint is set although the peer is live', { noted: 'old.example.net:51825', age: 5 }, ROAMED],
  ['an endpoint that was never set is set although the peer is live', { noted: '', age: 5 }, ROAMED],
  ["a stale session returns to the file's endpoint", { noted: FILE, age: STALE_AFTER }, ROAMED],
  [
    'a stale session stays at an address that the name has',
    { noted: FILE, age: STALE_AFTER, found: { endpoint: '192.0.2.2:51825' } },
    FILE,
  ],
  ['a name that does not resolve keeps the address that was set', { noted: FILE, age: 999, resolves: false }, FILE],
  ['an edited name that does not resolve is not set', { noted: 'old.example.net:1', age: 5, resolves: false }, ROAMED],
])('%s', async (_what, given, expected) => {
  expect(await seen(given)).toBe(expected);
});
