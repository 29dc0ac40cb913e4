import { describe, expect, it } from 'vitest';
import { openPlace } from '../../../src/host/rtnetlink/place.ts';
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import { setLink } from '../../../src/host/rtnetlink/writes.ts';
import { createFakeKernel } from './fake-kernel.ts';

const codeOf = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return undefined;
};

describe('openPlace', () => {
  it('names a process outside', () => {
    expect(openPlace('move', '', 4711).attribute).toEqual({ type: 19, value: Buffer.from('67120000', 'hex') });
  });
  it('refuses to leave without an outside, and a missing namespace', () => {
    expect(codeOf(() => openPlace('move', '', undefined))).toBe('EINVAL');
    expect(codeOf(() => openPlace('move', 'no-such-namespace', undefined))).toBe('ENOENT');
  });
});

describe('a move', () => {
  it('rejects like any call, and then sends nothing', async () => {
    const kernel = createFakeKernel();
    const rtnl = createRtnetlink({ openSocket: kernel.openSocket });
    await expect(rtnl.setLink('v0', { netns: 'no-such-namespace', up: true })).rejects.toMatchObject({
      operation: 'set link v0 netns no-such-namespace up',
      code: 'ENOENT',
    });
    expect(kernel.datagrams).toEqual([]);
  });
  it("splits the batch, because the link's index changes", () => {
    const place = { type: 28, value: Buffer.alloc(4) };
    expect(setLink('v0', { netns: 'nycmesh' }, place)).toMatchObject({ link: 'v0', changesIndex: true });
    expect(setLink('v0', { up: true })).toMatchObject({ link: 'v0', changesIndex: false });
  });
});
