// Splits a byte stream into netlink messages; a chunk may end in the middle of a message.
import { align } from './attributes.ts';
import { HEADER_SIZE, readMessages, type Message } from './message.ts';

/** Every message of rtnetlink is much smaller; a larger length is an error in the stream. */
const MAX_SIZE = 1 << 20;

export interface MessageStream {
  /** returns the messages that are now complete; throws if the bytes are no netlink messages */
  push(chunk: Buffer): Message[];
}

export function createMessageStream(): MessageStream {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const messages = readMessages(bytes);
      rest = bytes.subarray(align(messages.at(-1)?.end ?? 0));
      const claimed = rest.length < 4 ? HEADER_SIZE : rest.readUInt32LE(0);
      if (claimed < HEADER_SIZE || claimed > MAX_SIZE)
        throw new Error('the stream holds something else than netlink messages');
      return messages;
    },
  };
}
