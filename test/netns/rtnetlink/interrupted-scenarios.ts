// Listings during which something changes: the change is made between two datagrams of the first listing.
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import { ip, ipBatch } from './ip.ts';
import type { Scenario } from './scenario.ts';
import { watchedSocket } from './watched-socket.ts';

interface Listing {
  /** listings that it took */
  listings: number;
  datagrams: number;
  /** of the objects that stood all the while */
  standing: number;
  all: number;
}

const RULES = 5000;
const LINKS = 60;

/** Lists by `list` and makes the change when the third datagram of the first listing is in. */
async function listDuring<T>(
  change: string,
  list: (rtnl: ReturnType<typeof createRtnetlink>) => Promise<T[]>,
  standing: (item: T) => boolean,
): Promise<Listing> {
  const seen = { listings: 0, datagrams: 0 };
  const openSocket = watchedSocket({
    sent: () => (seen.listings += 1),
    received: () => {
      seen.datagrams += 1;
      if (seen.datagrams === 3) ip(change);
    },
  });
  const rtnl = createRtnetlink({ openSocket });
  const found = await list(rtnl);
  rtnl.close();
  return { ...seen, standing: found.filter(standing).length, all: found.length };
}

/** The kernel resumes by a count and flags nothing: the rule behind the gap would be missing. */
function changingRules(): Promise<Listing> {
  const rules = Array.from({ length: RULES }, (_, i) => `rule add prio ${10000 + i} iif l${i} lookup 2 protocol 87`);
  ipBatch(['rule add prio 9 lookup 9', ...rules]);
  return listDuring(
    'rule del prio 9',
    (rtnl) => rtnl.rules(),
    ({ protocol }) => protocol === 87,
  );
}

/** The kernel flags this one (NLM_F_DUMP_INTR). */
function changingLinks(): Promise<Listing> {
  ipBatch(Array.from({ length: LINKS }, (_, i) => `link add br${i} type bridge`));
  return listDuring(
    'link add late type bridge',
    (rtnl) => rtnl.links(),
    ({ name }) => name.startsWith('br'),
  );
}

export const interruptedScenarios: Readonly<Record<string, Scenario>> = { changingRules, changingLinks };
