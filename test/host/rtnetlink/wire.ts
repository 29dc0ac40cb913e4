// Bytes for the codec tests: captured messages as hex, and a kernel's answers.
import { constants } from 'node:os';
import { NLMSG_DONE, NLMSG_ERROR } from '../../../src/host/rtnetlink/constants.ts';
import { HEADER_SIZE, readMessages, setSequence, type Message } from '../../../src/host/rtnetlink/message.ts';

/** The one message of the hex text, with its length corrected after a cut; blanks do not count. */
export function fixture(hex: string): Message {
  const bytes = Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
  bytes.writeUInt32LE(bytes.length, 0);
  const [message] = readMessages(bytes);
  if (message === undefined) throw new Error('the fixture is no netlink message');
  return message;
}

/** A sent message, read back as the kernel's own announcement of the object. */
export const echoed = (sent: Buffer, type: number): Message => ({
  bytes: sent,
  type,
  flags: 0,
  sequence: 0,
  start: HEADER_SIZE,
  end: sent.length,
});

export const sequenceOf = (message: Buffer): number => message.readUInt32LE(8);
export const typeOf = (message: Buffer): number => message.readUInt16LE(4);

function answer(type: number, sequence: number, body: Uint8Array, flags = 0): Buffer {
  const message = Buffer.alloc(HEADER_SIZE + body.length);
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(flags, 6);
  setSequence(message, sequence);
  message.set(body, HEADER_SIZE);
  return message;
}

export type Errno = keyof typeof constants.errno;

function errnoBody(code: Errno | ''): Buffer {
  const body = Buffer.alloc(4);
  body.writeInt32LE(code === '' ? 0 : -constants.errno[code]);
  return body;
}

/** NLMSG_ERROR for a sent message: '' acknowledges it, `EEXIST` refuses it and returns it. */
export const acknowledge = (sent: Buffer, code: Errno | '' = ''): Buffer =>
  answer(NLMSG_ERROR, sequenceOf(sent), Buffer.concat([errnoBody(code), sent]));

export const done = (sent: Buffer, { code = '', flags = 0 }: { code?: Errno | ''; flags?: number } = {}): Buffer =>
  answer(NLMSG_DONE, sequenceOf(sent), errnoBody(code), flags);

/** An object that answers `sent`: the bytes of another message with its sequence number. */
export function object(sent: Buffer, message: Buffer, { type, flags = 0 }: { type: number; flags?: number }): Buffer {
  return answer(type, sequenceOf(sent), message.subarray(HEADER_SIZE), flags);
}
