// Splits BIRD's output into replies (nest/cli.c). A line is `CODE-text`, `CODE text` which ends the reply, ` text` with the
// code of the line before it, or `+text`, which is asynchronous and part of no reply.
import type { BirdReply } from '../types.ts';

type Line = BirdReply['lines'][number];

export interface ReplyReader {
  /** takes a chunk of any length; `garbled` stands for a line that belongs to no reply */
  push(chunk: string): Generator<BirdReply | 'garbled'>;
}

export function createReplyReader(): ReplyReader {
  let rest = '';
  let lines: Line[] = [];
  return {
    *push(chunk) {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const text of parts) {
        if (text.startsWith('+')) continue;
        const line = parseLine(text, lines.at(-1)?.code);
        if (line === undefined) {
          yield 'garbled';
          continue;
        }
        lines.push({ code: line.code, text: line.text });
        if (!line.last) continue;
        yield { lines, code: line.code };
        lines = [];
      }
    },
  };
}

function parseLine(text: string, previous: number | undefined): (Line & { last: boolean }) | undefined {
  const m = /^(\d{4})([ -])(.*)$/.exec(text);
  if (m !== null) return { code: Number(m[1]), text: m[3] ?? '', last: m[2] === ' ' };
  if (text.startsWith(' ') && previous !== undefined) return { code: previous, text: text.slice(1), last: false };
  return undefined;
}
