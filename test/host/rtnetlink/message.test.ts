import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { u32Attribute } from '../../../src/host/rtnetlink/attributes.ts';
import { buildMessage, errnoOf, readMessages, setSequence } from '../../../src/host/rtnetlink/message.ts';
import { acknowledge, done, fixture } from './wire.ts';

const build = (type: number, body: number[]): Buffer =>
  buildMessage({ type, flags: 5, body: Uint8Array.from(body), attributes: [undefined, u32Attribute(6, 9)] });

describe('buildMessage', () => {
  it('lays out header, body and attributes', () => {
    const message = build(32, [2, 0, 0, 0]);
    setSequence(message, 7);
    expect(message.toString('hex')).toBe(
      '1c000000' + '2000' + '0500' + '07000000' + '00000000' + '02000000' + '0800060009000000',
    );
  });
});

describe('readMessages', () => {
  it('separates the messages of one datagram', () => {
    const datagram = Buffer.concat([build(16, [1, 0, 0, 0]), build(17, [2, 0, 0, 0, 3, 0, 0, 0])]);
    const messages = readMessages(datagram);
    expect(messages.map(({ type, start, end }) => [type, start, end])).toEqual([
      [16, 16, 28],
      [17, 44, 60],
    ]);
  });
  it('skips the padding between messages', () => {
    const first = Buffer.concat([acknowledge(build(16, [])).subarray(0, 16 + 5), Buffer.alloc(3)]);
    first.writeUInt32LE(21, 0);
    expect(readMessages(Buffer.concat([first, build(17, [])])).map(({ type }) => type)).toEqual([2, 17]);
  });
  it('stops at a truncated message', () => {
    const datagram = Buffer.concat([build(16, []), build(17, []).subarray(0, 20)]);
    expect(readMessages(datagram).map(({ type }) => type)).toEqual([16]);
  });
  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        for (const { start, end } of readMessages(Buffer.from(bytes))) expect(end).toBeGreaterThanOrEqual(start);
      }),
    );
  });
});

describe('errnoOf', () => {
  const sent = build(32, []);
  it('reads success and error', () => {
    expect(readMessages(acknowledge(sent)).map(errnoOf)).toEqual([0]);
    expect(readMessages(acknowledge(sent, 'EEXIST')).map(errnoOf)).toEqual([17]);
    expect(readMessages(done(sent, { code: 'EINTR' })).map(errnoOf)).toEqual([4]);
  });
  it('reads an NLMSG_DONE without a body as success', () => {
    expect(errnoOf(fixture('10000000 0300 0200 01000000 00000000'))).toBe(0);
  });
});
