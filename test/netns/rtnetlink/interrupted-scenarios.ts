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

const ROUTES = 4000;
const GONE = 500;
const six = (i: number): string => `fd00:0:0:${(i + 1).toString(16)}::/64`;

/** As the kernel resumes a changed table by a count and flags nothing: as many are missing as were deleted before that place. */
async function changingRoutes(): Promise<object> {
  ip('link add br0 type bridge');
  ip('link set br0 up');
  ipBatch(Array.from({ length: ROUTES }, (_, i) => `route add ${six(i)} dev br0 table 2 proto 12`));
  ipBatch(['route add fd01::/64 dev br0 table 2 proto 87', 'route add fdff::/64 dev br0 table 2 proto 87']);
  let datagrams = 0;
  const openSocket = watchedSocket({
    received: () => {
      datagrams += 1;
      if (datagrams === 3) ipBatch(Array.from({ length: GONE }, (_, i) => `route del ${six(i)} table 2`));
    },
  });
  const rtnl = createRtnetlink({ openSocket });
  const found = await rtnl.routes({ family: 6, table: 2 });
  const ours = await rtnl.routes({ protocol: 87 });
  rtnl.close();
  const gone = new Set(Array.from({ length: GONE }, (_, i) => six(i).slice(0, -3)));
  const standing = found.filter(({ dst, protocol }) => protocol === 12 && !gone.has(dst.address));
  return { standing: standing.length, ours: ours.length };
}

/** Datagrams that a listing takes of one small table beside many foreign routes of both families. */
async function foreignTable(): Promise<object> {
  ip('link add br0 type bridge');
  ip('link set br0 up');
  const others = Array.from({ length: ROUTES }, (_, i) => `route add 10.${i >> 8}.${i & 255}.0/24 dev br0 proto 12`);
  ipBatch([...others, ...Array.from({ length: ROUTES }, (_, i) => `route add ${six(i)} dev br0 proto 12`)]);
  ipBatch(['route add 10.99.0.0/24 dev br0 table 2', 'route add fd01::/64 dev br0 table 70000 proto 87']);
  let datagrams = 0;
  let few = true;
  const rtnl = createRtnetlink({ openSocket: watchedSocket({ received: () => (datagrams += 1) }) });
  const counts: Record<string, number> = {};
  const count = async (name: string, list: Promise<readonly unknown[]>): Promise<void> => {
    const from = datagrams;
    counts[name] = (await list).length;
    // the objects, the end of each family, and it may be names of links
    few &&= datagrams - from < 10;
  };
  await count('table', rtnl.routes({ table: 2 }));
  await count('protocol', rtnl.routes({ protocol: 87 }));
  await count('both', rtnl.routes({ table: 70000, protocol: 87, family: 6 }));
  await count('no such table', rtnl.routes({ table: 3 }));
  await count('no such link', rtnl.routes({ dev: 'br1' }));
  const all = (await rtnl.routes({ dev: 'br0', protocol: 12 })).length;
  rtnl.close();
  return { ...counts, few, all };
}

export const interruptedScenarios: Readonly<Record<string, Scenario>> = {
  ...{ changingRules, changingLinks, changingRoutes, foreignTable },
};
