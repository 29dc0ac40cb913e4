// Threaded NAPI (wireguard.threaded), on hosts with and without it.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

const stateOf = (threaded: string): string => `
version: 1
router: {node: 111}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
wireguard: {threaded: ${threaded}}
tunnels:
  wg1: {address: 10.70.89.0/31, listenPort: 51825, peer: {publicKey: Yaj1JlHlq/qOIeHikQy31Fr4iGxTUbikXFNvIA3x4Tk=}}
`;

/** Of the pass that has the host as `threaded` says. */
async function commandsOf(host: FakeHost, threaded: string): Promise<{ threads: string[]; codes: string[] }> {
  const { results, conditions, inSync } = await reconcile(host, resources, readState(stateOf(threaded), host.env), {
    adopt: false,
  });
  expect(inSync).toBe(true);
  const commands = results.map(({ operation }) => operation.command);
  return {
    threads: commands.filter((command) => command.includes('threaded')),
    codes: conditions.map(({ code }) => code).filter((code) => code.includes('threaded')),
  };
}

const ATTRIBUTE = '/sys/class/net/wg1/threaded';

test('a new tunnel, one that somebody changed and one that the file changes are set', async () => {
  const host = createFakeHost();
  expect(await commandsOf(host, 'true')).toEqual({ threads: [`echo 1 > ${ATTRIBUTE}`], codes: [] });
  expect(await commandsOf(host, 'true')).toEqual({ threads: [], codes: [] });
  host.state.sysctls.set(ATTRIBUTE, '0');
  expect(await commandsOf(host, 'true')).toEqual({ threads: [`echo 1 > ${ATTRIBUTE}`], codes: [] });
  expect(await commandsOf(host, 'false')).toEqual({ threads: [`echo 0 > ${ATTRIBUTE}`], codes: [] });
  expect([...(await host.notes.all()).keys()].filter((note) => note.includes('threaded'))).toEqual([]);
});

test('a tunnel keeps what the kernel gave it where the file says auto', async () => {
  const host = createFakeHost();
  expect(await commandsOf(host, 'auto')).toEqual({ threads: [], codes: [] });
});

test('a host without the attribute is reported, and is in sync all the same', async () => {
  const host = createFakeHost();
  await commandsOf(host, 'auto');
  for (const name of [...host.state.sysctls.keys()]) if (name.startsWith('/sys/')) host.state.sysctls.delete(name);
  expect(await commandsOf(host, 'true')).toEqual({ threads: [], codes: ['threaded-unavailable'] });
});
