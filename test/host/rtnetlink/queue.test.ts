import { describe, expect, it } from 'vitest';
import { BATCH_SIZE, takeBatch, type Job, type WriteJob } from '../../../src/host/rtnetlink/queue.ts';
import * as writes from '../../../src/host/rtnetlink/writes.ts';
import type { Write } from '../../../src/host/rtnetlink/queue.ts';

const job = (write: Write): WriteJob => ({
  kind: 'write',
  write,
  again: false,
  resolve: () => undefined,
  reject: () => undefined,
});
const reading: Job = { kind: 'read', run: () => Promise.resolve() };
const up = (name: string): WriteJob => job(writes.setLink(name, { up: true }));
const add = (name: string): WriteJob => job(writes.addLink({ name, kind: 'wireguard', alias: '', mtu: undefined }));
const remove = (name: string): WriteJob => job(writes.deleteLink(name));
const batches = (...queue: Job[]): number[] => {
  const sizes: number[] = [];
  while (queue.length > 0) {
    const size = takeBatch(queue).length;
    sizes.push(size);
    if (size === 0) queue.shift();
  }
  return sizes;
};

describe('takeBatch', () => {
  it('takes at most one batch at a time, in order', () => {
    const queue = Array.from({ length: BATCH_SIZE + 3 }, (_, index) => up(`l${index}`));
    const wanted = queue.slice(0, BATCH_SIZE);
    expect(takeBatch(queue)).toEqual(wanted);
    expect(queue).toHaveLength(3);
  });
  it('stops at a listing', () => {
    expect(batches(up('a'), up('b'), reading, up('c'))).toEqual([2, 0, 1]);
  });
  it('postpones writes about a link that is being added or deleted', () => {
    expect(batches(add('a'), add('b'), up('a'), up('b'))).toEqual([2, 2]);
    expect(batches(remove('a'), add('a'), up('a'))).toEqual([1, 1, 1]);
    expect(batches(up('a'), remove('a'), up('b'))).toEqual([3]);
  });
  it('postpones writes with the index of a link that is being added or deleted', () => {
    const enslave = job(writes.setLink('a', { master: 'mesh' }));
    expect(batches(add('mesh'), enslave, up('b'))).toEqual([1, 2]);
    expect(batches(remove('mesh'), add('c'), enslave)).toEqual([2, 1]);
    expect(batches(add('other'), enslave)).toEqual([2]);
  });
});
