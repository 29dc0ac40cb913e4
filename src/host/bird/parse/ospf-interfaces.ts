// `show ospf interface [NAME]` (1015; proto/ospf/iface.c ospf_iface_info) of BIRD 1.6, 2 and 3. OSPFv3 lists an interface that has
// several link-local addresses, or lost one, more than once.
import { codes } from '../reply-codes.ts';
import type { BirdReply } from '../../types.ts';

export interface OspfInterfaceState {
  readonly protocol: string;
  readonly name: string;
  /** `10.70.89.0/31`; undefined for OSPFv3 */
  readonly network: string | undefined;
  /** `ptp`, `ptmp`, `broadcast`, `nbma` */
  readonly type: string;
  /** dotted */
  readonly area: string;
  /** `PtP`, `Waiting`, `DR`, `Down`, ... (RFC 2328, 9.1) */
  readonly state: string;
  readonly stub: boolean;
  readonly cost: number;
  /** seconds */
  readonly hello: number;
  readonly dead: number;
}

export function parseOspfInterfaces({ lines }: BirdReply): OspfInterfaceState[] {
  const found: { protocol: string; head: string; said: Map<string, string> }[] = [];
  let protocol = '';
  for (const { code, text } of lines) {
    if (code !== codes.ospfInterface) continue;
    protocol = /^(\w+):/.exec(text)?.[1] ?? protocol;
    const head = /^Interface (.*)$/.exec(text)?.[1];
    if (head !== undefined) found.push({ protocol, head, said: new Map() });
    const [, word = '', value] = /^\t(.+?): (.*)$/.exec(text) ?? [];
    if (value !== undefined) found.at(-1)?.said.set(word, value);
  }
  return found.map((one) => interfaceState(one.protocol, one.head, (word) => one.said.get(word) ?? ''));
}

function interfaceState(protocol: string, head: string, said: (word: string) => string): OspfInterfaceState {
  const [, name = head, network] = /^(\S+) \((.*)\)$/.exec(head) ?? [];
  return {
    ...{ protocol, name, network: network?.includes('/') === true ? network : undefined },
    type: said('Type'),
    area: said('Area').replace(/ .*/, ''),
    state: said('State').replace(/ .*/, ''),
    stub: said('State').endsWith('(stub)'),
    ...{ cost: Number(said('Cost')), hello: Number(said('Hello timer')), dead: Number(said('Dead timer')) },
  };
}
