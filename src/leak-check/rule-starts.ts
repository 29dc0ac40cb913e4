// For each foreign rule, a packet that the rule matches: its source, destination, interface and mark form a class that no fixed
// list contains. Pure.
import type { RuleInfo, RuleVerdict } from '../host/types.ts';
import type { RouterModel } from '../model/types.ts';
import { contains, formatPrefix, type Family } from '../net/ip.ts';
import { DEFAULT_TABLE, LOCAL_TABLE, WGOSPF_PROTOCOL } from '../net/names.ts';
import { hostOf } from './addresses.ts';
import { isMesh, type Aim } from './destinations.ts';
import { type Start } from './starts.ts';
import type { Ground } from './types.ts';

/** Limit per family; if a host has more foreign rules, a program makes them, all alike. */
const AT_MOST = 32;

/** A packet that a foreign rule matches, and its possible destinations. */
export interface RuleQuestion {
  readonly start: Start;
  readonly aims: readonly Aim[];
}

const leadsOn = (rule: RuleVerdict): boolean =>
  rule.action === 'goto' || (rule.action === 'lookup' && rule.table !== LOCAL_TABLE && rule.table !== DEFAULT_TABLE);

const isAsked = (rule: RuleInfo): boolean =>
  rule.protocol !== WGOSPF_PROTOCOL &&
  leadsOn(rule) &&
  (rule.from !== undefined || rule.to !== undefined || rule.mark !== undefined || rule.iif !== '');

/** The interface that the rule names; else one of each side and the host itself. */
function startsOf({ iif }: RuleInfo, starts: readonly Start[]): Start[] {
  if (iif !== '') return starts.filter((start) => start.iif === (iif === 'lo' ? '' : iif)).slice(0, 1);
  const sides = ['mesh', 'underlay'] as const;
  const first = sides.flatMap((side) => starts.find((start) => start.side === side && start.iif !== '') ?? []);
  return [...first, ...starts.filter((start) => start.side === 'own' && start.from === undefined)];
}

/** The destinations that the rule matches, and a host of the network that it names. */
function aimsOf(model: RouterModel, { to }: RuleInfo, aims: readonly Aim[], own: ReadonlySet<string>): Aim[] {
  if (to === undefined || to.length === 0) return [...aims];
  const address = hostOf(to, own);
  const inside = aims.filter((aim) => contains(to, aim.address));
  if (address === undefined) return inside;
  const side = isMesh(model, address) ? 'mesh' : 'underlay';
  return [...inside, { name: formatPrefix(to), side, address, further: true }];
}

/** @param asked the starts and destinations of the other probes */
export function ruleQuestions(
  model: RouterModel,
  { rules, addresses }: Ground,
  asked: { readonly starts: readonly Start[]; readonly aims: readonly Aim[] },
  family: Family,
): RuleQuestion[] {
  const own = new Set(addresses.map(({ prefix }) => prefix.address));
  const questionOf = (rule: RuleInfo, start: Start): RuleQuestion[] => {
    const from = sourceFor(rule, start, own);
    if (from === 'none') return [];
    const mark = rule.mark === undefined ? {} : { mark: Number.parseInt(rule.mark, 16) };
    const name = `${start.name}, by rule ${rule.priority}`;
    const aims = aimsOf(model, rule, asked.aims, own).filter(start.side === 'underlay' ? isOfMesh : () => true);
    return [{ start: { ...start, ...mark, name, of: start.of ?? start.name, from }, aims }];
  };
  return rules
    .filter((rule) => rule.family === family && isAsked(rule))
    .slice(0, AT_MOST)
    .flatMap((rule) => startsOf(rule, asked.starts).flatMap((start) => questionOf(rule, start)));
}

/** Traffic from the underlay to the underlay is not checked. */
const isOfMesh = ({ side }: Aim): boolean => side === 'mesh';

/** A source that the rule matches. The host itself sends only from its own addresses; `none` if none of them matches. */
function sourceFor({ from }: RuleInfo, start: Start, own: ReadonlySet<string>): string | undefined {
  if (from === undefined || from.length === 0) return start.from;
  const inside = (address: string): boolean => contains(from, address);
  return start.iif === '' ? ([...own].find(inside) ?? 'none') : (hostOf(from, own) ?? 'none');
}
