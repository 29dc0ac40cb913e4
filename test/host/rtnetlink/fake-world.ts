// A kernel with some links, rules and routes behind the fake socket, and an Rtnetlink on top of it.
import { nestedAttribute, textAttribute, u32Attribute } from '../../../src/host/rtnetlink/attributes.ts';
import * as nl from '../../../src/host/rtnetlink/constants.ts';
import { buildMessage, HEADER_SIZE } from '../../../src/host/rtnetlink/message.ts';
import { encodeRouteChange } from '../../../src/host/rtnetlink/route.ts';
import { encodeRuleChange } from '../../../src/host/rtnetlink/rule.ts';
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import type { AddressInfo, RouteInfo, Rtnetlink, RuleInfo, RuleSelector } from '../../../src/host/types.ts';
import { parsePrefix, type Prefix } from '../../../src/net/ip.ts';
import { acknowledgeAll, createFakeKernel, type FakeKernel, type Respond } from './fake-kernel.ts';
import { acknowledge, done, object, typeOf } from './wire.ts';

export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (parsed === undefined) throw new Error(`${text} is no prefix`);
  return parsed;
}

const nothing = { iif: '', from: undefined, to: undefined, extra: '' };
export const rule = (
  priority: number,
  parts: Partial<RuleSelector & { readonly action: 'nop' | 'unreachable' }> = {},
): RuleInfo => ({
  ...nothing,
  family: 4,
  priority,
  action: 'nop',
  protocol: 87,
  ...parts,
});
export const address = (dev: string, text = '10.70.89.1/31'): AddressInfo => ({
  dev,
  prefix: prefix(text),
  peer: undefined,
  protocol: 87,
});
export const route = (dev: string): RouteInfo => ({
  table: 2,
  type: 'unicast',
  dst: prefix('10.70.89.0/31'),
  metric: 0,
  protocol: 87,
  dev,
  via: undefined,
});

/** A link as the kernel announces it. */
export function linkMessage(index: number, name: string): Buffer {
  const body = Buffer.alloc(16);
  body.writeInt32LE(index, 4);
  const kind = nestedAttribute(nl.IFLA_LINKINFO, [textAttribute(nl.IFLA_INFO_KIND, 'wireguard')]);
  const attributes = [textAttribute(nl.IFLA_IFNAME, name), u32Attribute(nl.IFLA_MTU, 1420), kind];
  return buildMessage({ type: nl.RTM_NEWLINK, flags: 0, body, attributes });
}

interface World {
  /** name to index */
  links: Record<string, number>;
  rules: RuleInfo[];
  routes: { route: RouteInfo; ifindex: number }[];
}

const isDump = (message: Buffer): boolean => (message.readUInt16LE(6) & nl.NLM_F_DUMP) === nl.NLM_F_DUMP;
export const nameIn = (message: Buffer): string =>
  /[\w./]+/.exec(message.toString('latin1', HEADER_SIZE + 16 + 4))?.[0] ?? '';

/** Answers queries from `world`, and everything else as `writes` does. */
export function withWorld(world: Partial<World>, writes: Respond = acknowledgeAll): Respond {
  const { links = {}, rules = [], routes = [] } = world;
  return (message) => {
    const family = message[HEADER_SIZE] === nl.AF_INET6 ? 6 : 4;
    switch (typeOf(message)) {
      case nl.RTM_GETLINK: {
        const found = Object.entries(links).filter(([name]) => isDump(message) || name === nameIn(message));
        const shown = found.map(([name, index]) => object(message, linkMessage(index, name), { type: nl.RTM_NEWLINK }));
        if (isDump(message)) return [Buffer.concat([...shown, done(message)])];
        return [...shown, acknowledge(message, found.length === 0 ? 'ENODEV' : '')];
      }
      case nl.RTM_GETRULE: {
        const shown = rules.filter((r) => r.family === family).map((r) => encodeRuleChange('add', r));
        return [
          Buffer.concat([...shown.map((bytes) => object(message, bytes, { type: nl.RTM_NEWRULE })), done(message)]),
        ];
      }
      case nl.RTM_GETROUTE: {
        const shown = family === 4 ? routes.map((r) => encodeRouteChange('add', r.route, r.ifindex)) : [];
        return [
          Buffer.concat([...shown.map((bytes) => object(message, bytes, { type: nl.RTM_NEWROUTE })), done(message)]),
        ];
      }
      default:
        return writes(message);
    }
  };
}

export function setUp(respond: Respond = acknowledgeAll): {
  rtnl: Rtnetlink;
  kernel: FakeKernel;
  types: () => number[][];
} {
  const kernel = createFakeKernel(respond);
  const rtnl = createRtnetlink({ openSocket: kernel.openSocket });
  return { rtnl, kernel, types: () => kernel.datagrams.map((messages) => messages.map(typeOf)) };
}
/** `done`, or the code of the HostError. */
export const code = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'done',
    (error: unknown) => (error as { code: string }).code,
  );
