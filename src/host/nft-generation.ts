// The number of the last change of nftables in this network namespace (NFT_MSG_GETGEN, linux/netfilter/nf_tables.h): while it does
// not change, no table changes, and there is no need to start nft(8). Reads only.
import { isHostError } from './error.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from './rtnetlink/constants.ts';
import { buildMessage, type Message } from './rtnetlink/message.ts';
import { openNetfilterSocket, type NetlinkSocketFactory } from './rtnetlink/netlink-socket.ts';
import { createTransport } from './rtnetlink/transport.ts';
import { attributeAt, readAttributes } from './rtnetlink/attributes.ts';

const NFNL_SUBSYS_NFTABLES = 10;
const NFT_MSG_GETGEN = 16;
const NFTA_GEN_ID = 1;
/** struct nfgenmsg: family, version and resource */
const BODY = new Uint8Array(4);
const DEADLINE_MS = 2_000;

export interface NftGeneration {
  /** undefined if the kernel does not report it: not root, or no nf_tables */
  get(): Promise<number | undefined>;
  close(): void;
}

export function createNftGeneration(openSocket: NetlinkSocketFactory = openNetfilterSocket): NftGeneration {
  const transport = createTransport({ openSocket, deadline: DEADLINE_MS });
  let last: Promise<unknown> = Promise.resolve();

  async function ask(): Promise<number | undefined> {
    let generation: number | undefined;
    const message = buildMessage({
      type: (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN,
      flags: NLM_F_REQUEST | NLM_F_ACK,
      body: BODY,
      attributes: [],
    });
    const onAnswer = (answer: Message): void => void (generation = generationIn(answer));
    try {
      const [answer] = await transport.exchange('ask for the generation of nftables', [{ message, onAnswer }]);
      return answer?.errno === 0 ? generation : undefined;
    } catch (error) {
      if (isHostError(error)) return undefined;
      throw error;
    }
  }

  return {
    // one exchange at a time; a call never shares the answer of an earlier call
    get() {
      const asked = last.then(ask, ask);
      last = asked;
      return asked;
    },
    close: () => transport.close(),
  };
}

/** In network byte order, like all of nfnetlink. */
function generationIn({ bytes, start, end }: Message): number | undefined {
  const table = new Uint32Array(NFTA_GEN_ID + 1);
  readAttributes(bytes, start + BODY.length, end, table);
  const at = attributeAt(bytes, table, NFTA_GEN_ID, 4);
  return at === 0 ? undefined : bytes.readUInt32BE(at);
}
