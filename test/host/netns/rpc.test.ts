// Calls into a namespace over the socket: the calls of the host suite, and their results if the part inside fails.
import { createConnection } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { batched } from '../../../src/host/batch.ts';
import { HostError } from '../../../src/host/error.ts';
import { connectInside } from '../../../src/host/netns/connect.ts';
import { served } from '../../../src/host/netns/protocol.ts';
import type { InsideServices } from '../../../src/host/netns/protocol.ts';
import { createFakeHost } from '../../fakes/fake-host.ts';
import { hostSuite, suiteBoot } from '../../fakes/host-suite.ts';
import { clientOf, connected, fakeInside, HELLO } from './fake-inside.ts';

const partsOf = (host: InsideServices): InsideServices => ({
  ...{ rtnl: host.rtnl, wg: host.wg, sysctl: host.sysctl, nft: host.nft },
});
const never = (): Promise<never> => new Promise(() => undefined);

/** Services with one call that the test defines. */
const withSysctlRead = (read: (name: string) => Promise<string | undefined>): InsideServices => {
  const host = createFakeHost();
  return { ...partsOf(host), sysctl: { ...host.sysctl, read } };
};

describe('the host suite over the socket', () => {
  it.each(hostSuite)('$name', async ({ run }) => {
    const host = createFakeHost();
    host.run(suiteBoot);
    const { path } = await fakeInside({ parts: partsOf(host) });
    const client = clientOf(path);
    await run({
      host: {
        rtnl: batched({ ...client.rtnl, close: () => undefined }),
        sysctl: batched(client.sysctl),
        netns: host.netns,
      },
      type: async (lines) => {
        await Promise.resolve();
        host.run(lines);
      },
    });
  });
});

describe('calls', () => {
  it('of one turn are made in one turn, in their order', async () => {
    const turns: string[][] = [];
    let turn: string[] | undefined;
    const { path } = await fakeInside({
      parts: withSysctlRead((name) => {
        if (turn === undefined) {
          turns.push((turn = []));
          setImmediate(() => (turn = undefined));
        }
        turn.push(name);
        return Promise.resolve(name);
      }),
    });
    const { sysctl } = clientOf(path);
    const names = Array.from({ length: 200 }, (_, i) => `net.${i}`);
    const later = Promise.resolve().then(() => sysctl.read('net.later'));
    expect(await Promise.all([...names.map((name) => sysctl.read(name)), later])).toEqual([...names, 'net.later']);
    expect(turns).toEqual([[...names, 'net.later']]);
  });

  it('are answered when they are done, not in their order', async () => {
    const { path } = await fakeInside({
      parts: withSysctlRead((name) => (name === 'slow' ? never() : Promise.resolve('quick'))),
    });
    const { sysctl } = clientOf(path, 100);
    const slow = expect(sysctl.read('slow')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    expect(await sysctl.read('other')).toBe('quick');
    await slow;
  });

  it('reject with the HostError from inside, without its cause', async () => {
    const secret = 'cGFzc3dvcmQ';
    const { path } = await fakeInside({
      parts: withSysctlRead(() =>
        Promise.reject(
          new HostError({ operation: 'sysctl x', code: 'EACCES', detail: 'no', cause: new Error(secret) }),
        ),
      ),
    });
    const error: unknown = await clientOf(path)
      .sysctl.read('x')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HostError);
    expect(error).toMatchObject({ operation: 'sysctl x', code: 'EACCES', detail: 'no', cause: undefined });
  });

  it('cover exactly the services', async () => {
    const host = createFakeHost();
    const { path } = await fakeInside({ parts: partsOf(host) });
    expect(Object.keys(served.rtnl).toSorted()).toEqual(
      Object.keys(host.rtnl)
        // a batch is made of single calls
        .filter((name) => name !== 'close' && name !== 'batch')
        .toSorted(),
    );
    const connection = await connected(path);
    const message = new Promise((resolve) => connection.onTold(resolve));
    const call = { id: 1, service: 'rtnl', name: 'close', args: [] };
    connection.send({ kind: 'calls', calls: [call, { ...call, id: 2, service: 'constructor', name: 'name' }] });
    expect(await message).toMatchObject({
      kind: 'replies',
      replies: [
        { id: 1, error: { detail: 'there is no call rtnl.close' } },
        { id: 2, error: {} },
      ],
    });
    connection.destroy();
  });

  it('tell the inside part about the agent', async () => {
    const inside = await fakeInside({ parts: partsOf(createFakeHost()) });
    await clientOf(inside.path).rtnl.links();
    expect(inside.pids).toEqual([process.pid]);
  });
});

describe('a part inside', () => {
  it('fails its running calls when it is killed, and the next call finds the next part', async () => {
    const first = await fakeInside({ parts: withSysctlRead(never) });
    const { sysctl } = clientOf(first.path);
    const cut = expect(sysctl.read('x')).rejects.toMatchObject({
      code: 'ECONNRESET',
      operation: 'sysctl.read by the agent part in network namespace nycmesh',
    });
    await vi.waitFor(() => expect(first.pids).toHaveLength(1));
    first.kill();
    await cut;
    await fakeInside({ parts: withSysctlRead(() => Promise.resolve('1')) }, first.path);
    expect(await sysctl.read('x')).toBe('1');
  });

  it('causes no failure when it is killed while idle', async () => {
    const parts = withSysctlRead(() => Promise.resolve('1'));
    const first = await fakeInside({ parts });
    const { sysctl } = clientOf(first.path);
    await sysctl.read('x');
    first.kill();
    await fakeInside({ parts }, first.path);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await sysctl.read('x')).toBe('1');
  });

  it('fails all calls of the turn if it cannot be reached, and the next call tries again', async () => {
    const { path, kill } = await fakeInside();
    kill();
    const { sysctl } = clientOf(path);
    const asked = await Promise.allSettled([sysctl.read('a'), sysctl.read('b')]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await fakeInside({ parts: withSysctlRead(() => Promise.resolve('1')) }, path);
    expect(await sysctl.read('x')).toBe('1');
  });

  it.each([
    ['version', { ...HELLO, version: '2' }],
    ['namespace', { ...HELLO, netns: 2 }],
  ])('is asked to end and not used if it has another %s', async (_, hello) => {
    const inside = await fakeInside({ hello });
    expect(await connectInside(inside.path, HELLO)).toBeUndefined();
    await vi.waitFor(() => expect(inside.ends()).toBe(1));
  });

  it('with another version is left alone by an agent whose own program was replaced, and with another namespace is not', async () => {
    const newer = await fakeInside({ hello: { ...HELLO, version: '2' } });
    expect(await connectInside(newer.path, { ...HELLO, outdated: true })).toBeUndefined();
    const stale = await fakeInside({ hello: { ...HELLO, netns: 2 } });
    expect(await connectInside(stale.path, { ...HELLO, outdated: true })).toBeUndefined();
    await vi.waitFor(() => expect([newer.ends(), stale.ends()]).toEqual([0, 1]));
  });

  it('ends on request', async () => {
    const inside = await fakeInside();
    const connection = await connected(inside.path);
    connection.send({ kind: 'end' });
    await vi.waitFor(() => expect(inside.ends()).toBe(1));
    connection.destroy();
  });

  it('refuses calls before hello, and lines that are not JSON', async () => {
    const { path } = await fakeInside();
    for (const line of ['{"kind":"calls","calls":[]}\n', 'hello\n']) {
      const socket = createConnection(path, () => socket.write(line));
      await new Promise((resolve) => socket.once('close', resolve));
    }
  });
});

describe('a closed client', () => {
  it('rejects running and later calls', async () => {
    const inside = await fakeInside({ parts: withSysctlRead(never) });
    const client = clientOf(inside.path);
    const cut = expect(client.sysctl.read('x')).rejects.toMatchObject({ code: 'ECANCELED' });
    await vi.waitFor(() => expect(inside.pids).toHaveLength(1));
    client.close();
    await cut;
    await expect(client.sysctl.read('x')).rejects.toMatchObject({ code: 'ECANCELED' });
  });
});
