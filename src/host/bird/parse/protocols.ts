// `show protocols [all] [NAME]` (1002, 1006; nest/proto.c proto_cmd_show) of BIRD 1.6, 2 and 3. BIRD 3 lists the protocols in
// another order than BIRD 2.
import { codes } from '../reply-codes.ts';
import type { BirdReply } from '../../types.ts';

export interface BirdProtocol {
  readonly name: string;
  /** `OSPF`, `Kernel`, `Direct`, ... */
  readonly type: string;
  /** '' for none or several */
  readonly table: string;
  /** `up`, `start`, `stop`, `down`, `flush` */
  readonly state: string;
  readonly since: string;
  /** for OSPF `Running` or `Alone` */
  readonly info: string;
  /** empty without `all` */
  readonly channels: readonly BirdChannel[];
}

export interface BirdChannel {
  /** `ipv4`, `ipv6`; '' in BIRD 1.6, in which a protocol has one routing table and no channels */
  readonly name: string;
  readonly imported: number;
  readonly filtered: number;
  readonly exported: number;
  readonly preferred: number;
}

/** The time is two words if the operator set a format with a date. */
const ROW = /^(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+((?:\d{4}-\d\d-\d\d )?\S+)\s*(.*)$/;

export function parseProtocols({ lines }: BirdReply): BirdProtocol[] {
  const found: (BirdProtocol & { channels: BirdChannel[] })[] = [];
  let channel = '';
  for (const { code, text } of lines) {
    if (code === codes.protocol) {
      const row = parseRow(text);
      if (row !== undefined) found.push(row);
      channel = '';
    } else if (code === codes.protocolDetails) {
      channel = /^\s*Channel (\S+)$/.exec(text)?.[1] ?? channel;
      const routes = parseRoutes(channel, text);
      if (routes !== undefined) found.at(-1)?.channels.push(routes);
    }
  }
  return found;
}

function parseRow(text: string): (BirdProtocol & { channels: BirdChannel[] }) | undefined {
  const [, name, type, table, state, since, info] = ROW.exec(text) ?? [];
  if (name === undefined || type === undefined || state === undefined) return undefined;
  return {
    ...{ name, type, state, since: since ?? '', info: (info ?? '').trim() },
    table: table === '---' ? '' : (table ?? ''),
    channels: [],
  };
}

/** `Routes:         1 imported, 0 exported, 1 preferred`; `filtered` appears only if import keeps such routes. */
function parseRoutes(name: string, text: string): BirdChannel | undefined {
  if (!/^\s*Routes:/.test(text)) return undefined;
  const count = (word: string): number => Number(new RegExp(`(\\d+) ${word}\\b`).exec(text)?.[1] ?? 0);
  return {
    name,
    imported: count('imported'),
    filtered: count('filtered'),
    exported: count('exported'),
    preferred: count('preferred'),
  };
}
