// The changing calls of Rtnetlink as messages: for each its name in errors, its encoding, and its link.
import { HostError } from '../error.ts';
import type { AddressInfo, LinkChange, NewLink, RouteInfo, RuleInfo } from '../types.ts';
import type { Attribute } from './attributes.ts';
import { encodeAddressChange } from './address.ts';
import { describeAddress, describeLinkChange, describeRoute, describeRule } from './describe.ts';
import { encodeAddLink, encodeDeleteLink, encodeSetLink } from './link.ts';
import type { Write } from './queue.ts';
import { encodeRouteChange } from './route.ts';
import { encodeRuleChange } from './rule.ts';

type Action = 'add' | 'delete';

/** IFALIASZ - 1, linux/if.h */
const ALIAS_LIMIT = 255;
const plainWrite = { link: '', needsIndex: false, changesIndex: false } as const;

function invalid(operation: string, detail: string): never {
  throw new HostError({ operation, code: 'EINVAL', detail });
}

function checkAlias(operation: string, alias: string): void {
  if (Buffer.byteLength(alias) > ALIAS_LIMIT) invalid(operation, `an alias has at most ${ALIAS_LIMIT} bytes`);
}

const MOVE_WORDS: Readonly<Record<string, string>> = {
  EEXIST: 'a link of that name is there already',
  EINVAL: 'this link cannot leave its namespace, or a value is invalid',
};

/** @param place the opened namespace `change.netns`, to which the link moves */
export function setLink(name: string, change: LinkChange, place?: Attribute): Write {
  const operation = describeLinkChange(name, change);
  checkAlias(operation, change.alias ?? '');
  const { master } = change;
  return {
    ...plainWrite,
    operation,
    link: name,
    ...(master === undefined || master === '' ? {} : { needsIndex: true, carries: master }),
    ...(place === undefined ? {} : { changesIndex: true, words: MOVE_WORDS }),
    encode: (ifindex) => encodeSetLink(name, change, { master: ifindex, place }),
  };
}

/**
 * The alias follows in a separate message, sent only if the link was made: sent together, it would mark a foreign link of
 * that name as ours when the kernel refuses the new link (EEXIST).
 */
export function addLink({ alias, ...link }: NewLink): Write {
  const { name, kind } = link;
  const operation = `add link ${name} type ${kind}`;
  checkAlias(operation, alias);
  return {
    operation,
    words: { EOPNOTSUPP: `the kernel has no such kind of link (is the module ${kind} missing?)` },
    link: name,
    needsIndex: false,
    changesIndex: true,
    encode: () => encodeAddLink(link),
    ...(alias === '' ? {} : { next: { ...setLink(name, { alias }), operation: `${operation}: set its alias` } }),
  };
}

export const deleteLink = (name: string): Write => ({
  operation: `delete link ${name}`,
  words: { EOPNOTSUPP: 'a link of this kind cannot be deleted' },
  link: name,
  needsIndex: false,
  changesIndex: true,
  encode: () => encodeDeleteLink(name),
});

export const changeAddress = (action: Action, address: AddressInfo): Write => ({
  operation: `${action} ${describeAddress(address)}`,
  link: address.dev,
  needsIndex: true,
  changesIndex: false,
  encode: (ifindex) => encodeAddressChange(action, address, ifindex),
});

/** A route with several next hops, or with a nexthop object, is deleted only by the kernel's key of a route. */
export function changeRoute(action: Action, route: RouteInfo): Write {
  const operation = `${action} ${describeRoute(route)}`;
  if (route.type === 'other') invalid(operation, 'a route of this type cannot be written');
  const byKey = route.hops !== undefined || route.nexthop !== undefined;
  if (byKey && action === 'add')
    invalid(operation, 'a route with several next hops, or with an object for one, is never ours to write');
  if (route.type === 'unicast' && !byKey && route.dev === '' && route.via === undefined) {
    invalid(operation, 'a unicast route needs a device or a gateway');
  }
  const sent = byKey ? { ...route, dev: '', via: undefined } : route;
  return {
    operation,
    link: sent.dev,
    needsIndex: sent.dev !== '',
    changesIndex: false,
    encode: (ifindex) => encodeRouteChange(action, sent, ifindex),
  };
}

export function changeRule(action: Action, rule: RuleInfo): Write {
  const operation = `${action} ${describeRule(rule)}`;
  if (rule.extra !== '' || rule.action === 'other') {
    invalid(operation, 'a rule with attributes that wgospf does not know is never ours to write');
  }
  return {
    ...plainWrite,
    operation,
    words: action === 'delete' ? { ENOENT: 'there is no such rule' } : {},
    rule: { action, rule },
    encode: () => encodeRuleChange(action, rule),
  };
}
