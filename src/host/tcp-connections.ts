// Parses /proc/net/tcp and tcp6 (proc(5)): TCP connections and listening sockets. Pure.
import { addressFromBytes, canonicalAddress } from '../net/ip.ts';

export interface TcpEnd {
  /** canonical; an IPv4 address in an IPv6 socket is shown as IPv4 */
  readonly address: string;
  readonly port: number;
}

export interface TcpSocket {
  readonly local: TcpEnd;
  readonly remote: TcpEnd;
  readonly state: 'established' | 'listen' | 'other';
}

/** TCP_ESTABLISHED, TCP_LISTEN (net/tcp_states.h) */
const STATES: Readonly<Record<string, TcpSocket['state']>> = { '01': 'established', '0A': 'listen' };

/** Words of 32 bits in the byte order of the machine, here little-endian (tcp4_seq_show: `%08X`). */
function endOf(text: string): TcpEnd {
  const [hex = '', port = ''] = text.split(':');
  const words = Array.from({ length: hex.length / 8 }, (_, i) => hex.slice(8 * i, 8 * i + 8));
  const bytes = words.flatMap((word) => [...Buffer.from(word, 'hex')].reverse());
  const isMapped = bytes.length === 16 && bytes.slice(0, 10).every((b) => b === 0) && bytes[10] === 255;
  const address = addressFromBytes(Uint8Array.from(isMapped ? bytes.slice(12) : bytes));
  return { address: canonicalAddress(address) ?? address, port: Number.parseInt(port, 16) };
}

export function parseTcp(text: string): TcpSocket[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, local = '', remote = '', state = ''] = line.trim().split(/\s+/);
      return { local: endOf(local), remote: endOf(remote), state: STATES[state] ?? 'other' };
    });
}
