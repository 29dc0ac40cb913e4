// Names of tables and protocols, as iproute2 reads them from /etc/iproute2.
import type { FakeState } from './fake-state.ts';

const protocols: Readonly<Record<string, number>> = {
  kernel: 2,
  boot: 3,
  static: 4,
  zebra: 11,
  ra: 9,
  bird: 12,
  dhcp: 16,
};
const tables: Readonly<Record<string, number>> = { default: 253, main: 254, local: 255 };

export const protocolNumber = (word: string): number => protocols[word] ?? Number(word);

export function tableNumber(state: FakeState, word: string): number {
  const known = tables[word] ?? (/^\d+$/.test(word) ? Number(word) : undefined);
  if (known !== undefined) return known;
  const dropIns = [...state.files].filter(([path]) => path.startsWith('/etc/iproute2/rt_tables'));
  for (const [, { text }] of dropIns) {
    const line = text.split('\n').find((l) => l.trim().split(/\s+/)[1] === word);
    if (line !== undefined) return Number(line.trim().split(/\s+/)[0]);
  }
  throw new Error(`"${word}" is no table`);
}
