// The host for readers: each question waits while a pass runs, even in the middle of a long read.
import type { Host } from '../host/types.ts';

type Gate = () => Promise<void>;

const PARTS = ['rtnl', 'wg', 'keys', 'sysctl', 'nft', 'files', 'bird', 'birdSecrets', 'notes'] as const;

/** Methods that return no promise. */
type Immediate<T> = T extends unknown
  ? {
      [K in keyof T]-?: NonNullable<T[K]> extends (...args: never) => infer R
        ? R extends Promise<unknown>
          ? never
          : K
        : never;
    }[keyof T]
  : never;

/** These methods ask neither kernel nor programs, so they need no gate. */
const AT_ONCE: Readonly<Record<Immediate<Host[(typeof PARTS)[number]]>, true>> = { fault: true, close: true };

function gated<T extends object>(part: T, gate: Gate): T {
  return new Proxy(part, {
    get(target, name): unknown {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      if (name in AT_ONCE) return member.bind(target) as unknown;
      return async (...args: unknown[]): Promise<unknown> => {
        await gate();
        return Reflect.apply(member, target, args);
      };
    },
  });
}

/** @param gate done when a question may be asked */
export function yieldingHost(host: Host, gate: Gate): Host {
  const parts = Object.fromEntries(PARTS.map((name) => [name, gated(host[name], gate)]));
  return {
    ...host,
    ...(parts as Pick<Host, (typeof PARTS)[number]>),
    netns: {
      ...host.netns,
      async enter(name) {
        const inside = await host.netns.enter(name);
        return inside && yieldingHost(inside, gate);
      },
    },
  };
}
