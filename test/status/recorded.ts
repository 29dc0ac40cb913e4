// Replies of a real BIRD 2.0.12, recorded from its control socket between routers connected by veth pairs.
import { readFileSync } from 'node:fs';
import { createReplyReader } from '../../src/host/bird/reply-reader.ts';
import type { BirdReply } from '../../src/host/types.ts';

export function recorded(name: string): BirdReply {
  const text = readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), 'utf8');
  const [reply] = [...createReplyReader().push(text)];
  if (reply === undefined || reply === 'garbled') throw new Error(`fixtures/${name}.txt is no reply`);
  return reply;
}
