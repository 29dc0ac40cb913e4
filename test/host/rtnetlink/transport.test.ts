import { afterEach, describe, expect, it, vi } from 'vitest';
import { NLM_F_DUMP_INTR, RTM_NEWRULE } from '../../../src/host/rtnetlink/constants.ts';
import { encodeRuleDump } from '../../../src/host/rtnetlink/rule.ts';
import { encodeDeleteLink } from '../../../src/host/rtnetlink/link.ts';
import { createTransport, type Request, type Transport } from '../../../src/host/rtnetlink/transport.ts';
import { createFakeKernel, type FakeKernel } from './fake-kernel.ts';
import { acknowledge, done, object, sequenceOf } from './wire.ts';

const requests = (count: number): Request[] =>
  Array.from({ length: count }, (_, index) => ({ message: encodeDeleteLink(`l${index}`) }));
const open = (kernel: FakeKernel, deadline = 10_000): Transport =>
  createTransport({ openSocket: kernel.openSocket, deadline });

afterEach(() => {
  vi.useRealTimers();
});

describe('exchange', () => {
  it('sends all messages in one datagram with their own sequence numbers', async () => {
    const kernel = createFakeKernel();
    const transport = open(kernel);
    await transport.exchange('try', requests(3));
    await transport.exchange('try', requests(2));
    expect(kernel.datagrams.map((messages) => messages.map(sequenceOf))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(kernel.sockets).toHaveLength(1);
  });
  it('matches answers by sequence number, in any order and any datagrams', async () => {
    const kernel = createFakeKernel(() => []);
    const result = open(kernel).exchange('try', requests(3));
    const [first, second, third] = kernel.datagrams[0] ?? [];
    if (!first || !second || !third) return expect.unreachable();
    kernel.sockets[0]?.handlers.message(acknowledge(third, 'EEXIST'));
    kernel.sockets[0]?.handlers.message(Buffer.concat([acknowledge(first), acknowledge(second, 'ENODEV')]));
    await expect(result).resolves.toEqual([0, 19, 17].map((errno) => ({ errno, interrupted: false })));
  });
  it('ignores answers to other messages, and second answers', async () => {
    const kernel = createFakeKernel((message) => {
      const stray = Buffer.from(message);
      stray.writeUInt32LE(sequenceOf(message) + 1000, 8);
      return [acknowledge(stray, 'EPERM'), acknowledge(message, 'EEXIST'), acknowledge(message)];
    });
    await expect(open(kernel).exchange('try', requests(1))).resolves.toEqual([{ errno: 17, interrupted: false }]);
  });
  it('returns the objects of a dump until its end, and reports an interruption', async () => {
    const rule = encodeRuleDump(4);
    const kernel = createFakeKernel((message) => [
      Buffer.concat([object(message, rule, { type: RTM_NEWRULE }), object(message, rule, { type: RTM_NEWRULE })]),
      object(message, rule, { type: RTM_NEWRULE, flags: NLM_F_DUMP_INTR }),
      done(message),
    ]);
    const types: number[] = [];
    const answer = await open(kernel).exchange('try', [{ message: rule, onAnswer: ({ type }) => types.push(type) }]);
    expect(types).toEqual([RTM_NEWRULE, RTM_NEWRULE, RTM_NEWRULE]);
    expect(answer).toEqual([{ errno: 0, interrupted: true }]);
  });
});

describe('failures', () => {
  it('rejects running calls with ENOBUFS when the socket fails, and continues with a new one', async () => {
    const kernel = createFakeKernel(() => []);
    const transport = open(kernel);
    const result = transport.exchange('add route', requests(3));
    const cause = new Error('recvmsg failed');
    kernel.sockets[0]?.handlers.error(cause);
    await expect(result).rejects.toMatchObject({ name: 'HostError', operation: 'add route', code: 'ENOBUFS', cause });
    kernel.respond = (message) => [acknowledge(message)];
    await expect(transport.exchange('add route', requests(1))).resolves.toHaveLength(1);
    expect(kernel.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });
  it('rejects with ETIMEDOUT after the deadline, and reads no more from that socket', async () => {
    vi.useFakeTimers();
    const kernel = createFakeKernel(() => []);
    const transport = open(kernel);
    const result = transport.exchange('list rules', requests(1));
    const [late] = kernel.datagrams[0] ?? [];
    const failed = expect(result).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      detail: 'the kernel gave no answer within 10 s',
    });
    // and a last turn of the loop
    await vi.advanceTimersByTimeAsync(10_001);
    await failed;
    const second = transport.exchange('list rules', requests(1));
    kernel.sockets[0]?.handlers.error(new Error('late'));
    kernel.sockets[0]?.handlers.message(acknowledge(late ?? expect.unreachable(), 'EPERM'));
    const [asked] = kernel.datagrams[1] ?? [];
    kernel.sockets[1]?.handlers.message(acknowledge(asked ?? expect.unreachable()));
    await expect(second).resolves.toEqual([{ errno: 0, interrupted: false }]);
    expect(kernel.sockets.map(({ closed }) => closed)).toEqual([true, false]);
  });
  it('accepts an answer that came while the loop was busy, however long that was', async () => {
    const kernel = createFakeKernel();
    // the loop next runs its timers, and after them it reads the answer, like all input
    await new Promise((resolve) => setImmediate(resolve));
    const result = open(kernel, 50).exchange('list links', requests(1));
    for (const end = performance.now() + 300; performance.now() < end;);
    await expect(result).resolves.toEqual([{ errno: 0, interrupted: false }]);
  });
  it('rejects with the system error if no socket can be opened or used', async () => {
    const refuse = (code: string) => () => {
      throw Object.assign(new Error('refused'), { code });
    };
    const none = createTransport({ openSocket: refuse('EMFILE'), deadline: 10_000 });
    await expect(none.exchange('list links', requests(1))).rejects.toMatchObject({ code: 'EMFILE' });
    const closed = createTransport({
      openSocket: () => ({ send: refuse('EBADF'), close: () => undefined }),
      deadline: 10_000,
    });
    await expect(closed.exchange('list links', requests(1))).rejects.toMatchObject({ code: 'EBADF' });
  });
  it('rejects with EBADMSG if an answer cannot be read', async () => {
    const kernel = createFakeKernel((message) => [object(message, message, { type: RTM_NEWRULE })]);
    const onAnswer = (): void => {
      throw new RangeError('offset');
    };
    await expect(open(kernel).exchange('list', [{ message: encodeRuleDump(4), onAnswer }])).rejects.toMatchObject({
      code: 'EBADMSG',
    });
    expect(kernel.sockets[0]?.closed).toBe(true);
  });
  it('rejects everything after it is closed', async () => {
    const kernel = createFakeKernel(() => []);
    const transport = open(kernel);
    const result = transport.exchange('add route', requests(1));
    transport.close();
    await expect(result).rejects.toMatchObject({ code: 'ECANCELED' });
    await expect(transport.exchange('add route', requests(1))).rejects.toMatchObject({ code: 'ECANCELED' });
    expect(kernel.sockets.map(({ closed }) => closed)).toEqual([true]);
  });
});
