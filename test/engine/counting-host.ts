// A host that counts the calls of its interface. A batch is one call, whatever it asks; functions that need no host (clocks,
// observed handshakes) are not counted.
import type { Host } from '../../src/host/types.ts';

const PARTS = ['rtnl', 'wg', 'keys', 'sysctl', 'nft', 'files', 'bird', 'birdSecrets', 'notes', 'netns'] as const;
const OWN = ['resolveName', 'batch'] as const;

/** Every function of the object, recorded under its name. */
function countCalls<T extends object>(part: T, names: readonly string[], area: string, calls: string[]): T {
  const entries = Object.entries(part).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function' || !names.includes(name)) return [name, member];
    const call = (...args: unknown[]): unknown => {
      calls.push(`${area}.${name}`);
      return Reflect.apply(member, part, args);
    };
    return [name, call];
  });
  return Object.fromEntries(entries) as T;
}

export function countingHost(host: Host, calls: string[]): Host {
  const parts = PARTS.map((name) => [name, countCalls(host[name], Object.keys(host[name]), name, calls)]);
  const counted = {
    ...countCalls(host, OWN, 'host', calls),
    ...(Object.fromEntries(parts) as Pick<Host, (typeof PARTS)[number]>),
  };
  return {
    ...counted,
    netns: {
      ...counted.netns,
      async enter(name) {
        const inside = await counted.netns.enter(name);
        return inside && countingHost(inside, calls);
      },
    },
  };
}
