// BIRD's neighbours, or why BIRD reports none, with the cure.
import { APPLY } from '../model/cure-words.ts';
import { parseNeighbors } from '../host/bird/parse/neighbors.ts';
import { codes } from '../host/bird/reply-codes.ts';
import type { BirdReply } from '../host/types.ts';
import type { OspfFacts } from './types.ts';

/** Of a reply to `show ospf neighbors`: all OSPF protocols, in BIRD's order. */
export function ospfFacts(reply: BirdReply): OspfFacts {
  if (reply.code >= codes.parseError) {
    return { up: false, reason: `BIRD runs a configuration without OSPF: run ${APPLY}` };
  }
  if (reply.code >= codes.runtimeError) return { up: false, reason: `BIRD refused: ${reply.lines.at(-1)?.text ?? ''}` };
  const blocks = parseNeighbors(reply);
  const off = blocks.find(({ up }) => !up)?.protocol;
  if (off !== undefined) return { up: false, reason: `protocol ${off} is switched off in BIRD: birdc enable ${off}` };
  return { up: true, neighbors: blocks.flatMap(({ neighbors }) => neighbors) };
}
