// Builds netlink messages (struct nlmsghdr, linux/netlink.h), and splits a datagram into its messages.
import { align, attributesSize, writeAttributes, type Attribute } from './attributes.ts';

export const HEADER_SIZE = 16;
const SEQUENCE = 8;

export interface MessageParts {
  readonly type: number;
  /** NLM_F_* */
  readonly flags: number;
  /** the fixed part of the family (ifinfomsg, ifaddrmsg, rtmsg, fib_rule_hdr) */
  readonly body: Uint8Array;
  readonly attributes: readonly (Attribute | undefined)[];
}

/** One message with sequence number 0; setSequence() sets the number when it is sent. */
export function buildMessage({ type, flags, body, attributes }: MessageParts): Buffer {
  const present = attributes.filter((attribute) => attribute !== undefined);
  const start = HEADER_SIZE + align(body.length);
  const message = Buffer.alloc(start + attributesSize(present));
  message.writeUInt32LE(message.length, 0);
  message.writeUInt16LE(type, 4);
  message.writeUInt16LE(flags, 6);
  message.set(body, HEADER_SIZE);
  writeAttributes(message, start, present);
  return message;
}

export const setSequence = (message: Buffer, sequence: number): number => message.writeUInt32LE(sequence, SEQUENCE);

/** A message inside a datagram; `start` and `end` are the offsets of its body in `bytes`. */
export interface Message {
  readonly bytes: Buffer;
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly start: number;
  readonly end: number;
}

/** The messages of one datagram, in order; stops at a malformed one, as NLMSG_OK() does. */
export function readMessages(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  let at = 0;
  while (at + HEADER_SIZE <= bytes.length) {
    const length = bytes.readUInt32LE(at);
    if (length < HEADER_SIZE || at + length > bytes.length) break;
    messages.push({
      bytes,
      type: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 6),
      sequence: bytes.readUInt32LE(at + SEQUENCE),
      start: at + HEADER_SIZE,
      end: at + length,
    });
    at += align(length);
  }
  return messages;
}

/** The errno of an NLMSG_ERROR or NLMSG_DONE as a positive number, 0 for success (an old NLMSG_DONE has no body). */
export const errnoOf = ({ bytes, start, end }: Message): number =>
  end - start >= 4 ? 0 - bytes.readInt32LE(start) : 0;
