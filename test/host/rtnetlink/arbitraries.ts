// Random addresses, routes and rules, as the kernel could hold them.
import fc from 'fast-check';
import { addressFromBytes, bitsOf, networkOf, type Family, type Prefix } from '../../../src/net/ip.ts';
import type { AddressInfo, RouteInfo, RuleInfo, RuleVerdict } from '../../../src/host/types.ts';

const families: fc.Arbitrary<Family> = fc.constantFrom(4, 6);
const u32 = fc.nat(0xffffffff);

const address = (family: Family): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: bitsOf(family) / 8, maxLength: bitsOf(family) / 8 })
    .map((bytes) => addressFromBytes(bytes));

const prefix = (family: Family, min = 0): fc.Arbitrary<Prefix> =>
  fc
    .record({ address: address(family), length: fc.integer({ min, max: bitsOf(family) }) })
    .map((parts) => ({ family, ...parts }));

export const network = (family: Family, min = 0): fc.Arbitrary<Prefix> => prefix(family, min).map(networkOf);

export const hostAddress: fc.Arbitrary<Pick<AddressInfo, 'prefix' | 'peer'>> = families.chain((family) =>
  fc
    .record({ prefix: prefix(family), peer: fc.option(address(family), { nil: undefined }) })
    .map(({ prefix: own, peer }) => ({ prefix: own, peer: peer === own.address ? undefined : peer })),
);

/** `dev` is 'x' or ''. */
export const route: fc.Arbitrary<RouteInfo> = families.chain((family) =>
  fc
    .record({
      table: u32,
      type: fc.constantFrom('unicast', 'local', 'broadcast', 'blackhole', 'unreachable', 'prohibit', 'throw'),
      dst: network(family),
      metric: u32,
      protocol: fc.nat(255),
      via: fc.option(family === 4 ? fc.oneof(address(4), address(6)) : address(6), { nil: undefined }),
    })
    .map((parts) =>
      ['unicast', 'local', 'broadcast'].includes(parts.type)
        ? { ...parts, dev: 'x' }
        : { ...parts, dev: '', via: undefined },
    ),
);

const verdict: fc.Arbitrary<RuleVerdict> = fc.oneof(
  fc.record({
    action: fc.constant('lookup' as const),
    table: fc.integer({ min: 1, max: 0xffffffff }),
  }),
  fc.record({ action: fc.constant('goto' as const), target: u32 }),
  fc.record({
    action: fc.constantFrom('nop', 'blackhole', 'unreachable', 'prohibit'),
  }),
);

export const rule: fc.Arbitrary<RuleInfo> = families.chain((family) =>
  fc
    .record({
      priority: u32,
      iif: fc.constantFrom('', 'lo', 'wg222', 'a-name.of-15-ch'),
      from: fc.option(network(family, 1), { nil: undefined }),
      to: fc.option(network(family, 1), { nil: undefined }),
      protocol: fc.nat(255),
      verdict,
    })
    .map(({ verdict: parts, ...rest }) => ({ family, ...rest, ...parts, extra: '' })),
);
