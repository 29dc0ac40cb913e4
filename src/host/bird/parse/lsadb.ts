// `show ospf lsadb [NAME]` (1017; proto/ospf/ospf.c ospf_sh_lsadb) of BIRD 1.6, 2 and 3. If several OSPF protocols run, BIRD
// requires the name (9001 without).
import { codes } from '../reply-codes.ts';
import type { BirdReply } from '../../types.ts';

export interface Lsa {
  /** `Area 0.0.0.0`, `Link cab`, `Global` */
  readonly scope: string;
  /** hexadecimal: `0001` router-LSA of OSPFv2, `2001` of OSPFv3 (RFC 2328, A.4; RFC 5340, A.4.2.1) */
  readonly type: string;
  readonly id: string;
  /** router id of the originator */
  readonly router: string;
  readonly sequence: string;
  /** seconds */
  readonly age: number;
  readonly checksum: string;
}

const ROW =
  /^\s*([0-9a-f]{4})\s+(\d+\.\d+\.\d+\.\d+)\s+(\d+\.\d+\.\d+\.\d+)\s+([0-9a-f]{8})\s+(\d+)\s+([0-9a-f]{4})\s*$/;

export function parseLsadb({ lines }: BirdReply): Lsa[] {
  const found: Lsa[] = [];
  let scope = '';
  for (const { code, text } of lines) {
    if (code !== codes.ospfLsadb) continue;
    scope = /^(?:Area \S+|Link \S+|Global)$/.exec(text.trim())?.[0] ?? scope;
    const [, type, id, router, sequence, age, checksum] = ROW.exec(text) ?? [];
    if (type === undefined || id === undefined || router === undefined) continue;
    found.push({ scope, type, id, router, sequence: sequence ?? '', age: Number(age), checksum: checksum ?? '' });
  }
  return found;
}
