// `wgospf exec` and `wgospf inside`: which program this process becomes or serves, and when it refuses.
import { expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { APPLY } from '../../src/model/cure-words.ts';
import { run } from '../../src/cli/run.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { type FakeContext, fakeContext } from './fake-context.ts';
import { model } from './samples.ts';

type Isolation = RouterModel['mesh']['isolation'];

/** @param lines the host's state, as shell lines */
function context(isolation: Isolation, lines: string, over: Partial<Context> = {}): FakeContext & { became: string[] } {
  const { mesh } = model();
  const host = createFakeHost({ vrf: true });
  host.run(lines);
  const loaded = model({ mesh: { ...mesh, isolation, table: { ...mesh.table, name: 'nycmesh' } } });
  const became: string[] = [];
  const ctx = fakeContext({
    host: () => host,
    load: () => Promise.resolve({ model: loaded, diagnostics: [], text: '' }),
    become: (command) => void became.push(command.join(' ')),
    ...over,
  });
  return Object.assign(ctx, { became });
}

test.each([
  ['table', '', 'ping -c 1 10.69.1.11'],
  ['vrf', 'ip link add nycmesh type vrf table 2', 'ip vrf exec nycmesh ping -c 1 10.69.1.11'],
  ['netns', 'ip netns add nycmesh', 'ip netns exec nycmesh ping -c 1 10.69.1.11'],
] as const)('exec in mode %s runs the command in the mesh', async (isolation, lines, command) => {
  const ctx = context(isolation, lines);
  expect(await run(['exec', '--', 'ping', '-c', '1', '10.69.1.11'], ctx)).toBe(0);
  expect(await run(['exec', 'ping', '-c', '1', '10.69.1.11'], ctx)).toBe(0);
  expect(ctx.became).toEqual([command, command]);
});

test.each([
  ['vrf', 'ip link add nycmesh type veth peer name v1', 'VRF device'],
  ['netns', 'ip netns add other', 'network namespace'],
] as const)('exec in mode %s without a mesh fails', async (isolation, lines, what) => {
  const ctx = context(isolation, lines);
  expect(await run(['exec', 'true'], ctx)).toBe(1);
  expect(ctx.stderr()).toBe(`wgospf exec: there is no ${what} nycmesh yet; run ${APPLY}`);
  expect(ctx.became).toEqual([]);
});

test('exec needs root where the kernel requires it', async () => {
  const inNamespace = context('netns', 'ip netns add nycmesh', { root: false });
  expect(await run(['exec', 'true'], inNamespace)).toBe(4);
  const byTable = context('table', '', { root: false });
  expect(await run(['exec', 'true'], byTable)).toBe(0);
  expect([inNamespace.became, byTable.became]).toEqual([[], ['true']]);
});

test('exec without a command is a usage error', async () => {
  const ctx = context('table', '');
  expect(await run(['exec'], ctx)).toBe(64);
  expect(ctx.stderr()).toContain("missing required argument 'command'");
});

test('inside serves on its socket, needs root, and is not in the help', async () => {
  const sockets: string[] = [];
  const serveInside = (socket: string): Promise<void> => Promise.resolve(void sockets.push(socket));
  expect(await run(['inside', 'nycmesh', '--socket', '/run/x.sock'], fakeContext({ serveInside }))).toBe(0);
  expect(await run(['inside', 'nycmesh', '--socket', '/run/y.sock'], fakeContext({ serveInside, root: false }))).toBe(
    4,
  );
  expect(sockets).toEqual(['/run/x.sock']);
  const ctx = fakeContext();
  await run(['--help'], ctx);
  expect(ctx.stdout()).not.toMatch(/^ +inside/m);
  await run(['completion', 'bash'], ctx);
  expect(ctx.stdout()).not.toContain('inside');
});
