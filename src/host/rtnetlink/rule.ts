// Encodes and decodes policy rules: struct fib_rule_hdr and FRA_* (linux/fib_rules.h).
import type { Family, Prefix } from '../../net/ip.ts';
import type { RuleAction, RuleInfo, RuleVerdict } from '../types.ts';
import {
  attributeAt,
  bytesAttribute,
  readAttributes,
  readText,
  readU32,
  readU8,
  textAttribute,
  u32Attribute,
  u8Attribute,
  valueEnd,
  type Attribute,
} from './attributes.ts';
import * as nl from './constants.ts';
import { addressFamily, addressSize, decodeAddress, encodeAddress, familyOf } from './ip-bytes.ts';
import { buildMessage, type Message } from './message.ts';

const BODY = 12;
const table = new Uint32Array(64);
const NONE = 0xffffffff;

/** FR_ACT_* */
const actions: readonly RuleAction[] = [
  'other',
  'lookup',
  'goto',
  'nop',
  'other',
  'other',
  'blackhole',
  'unreachable',
  'prohibit',
];

/** The attributes that have a field of their own in RuleInfo; all others go into `extra`. */
const told: ReadonlySet<number> = new Set([
  nl.FRA_DST,
  nl.FRA_SRC,
  nl.FRA_IIFNAME,
  nl.FRA_OIFNAME,
  nl.FRA_FWMARK,
  nl.FRA_FWMASK,
  nl.FRA_L3MDEV,
  nl.FRA_GOTO,
  nl.FRA_PRIORITY,
  nl.FRA_TABLE,
  nl.FRA_PROTOCOL,
]);

export const encodeRuleDump = (family: Family): Buffer =>
  buildMessage({
    type: nl.RTM_GETRULE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_DUMP,
    body: Buffer.from([addressFamily(family), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    attributes: [],
  });

const prefixAttribute = (type: number, prefix: Prefix | undefined): Attribute | undefined =>
  prefix === undefined || prefix.length === 0 ? undefined : bytesAttribute(type, encodeAddress(prefix.address));

/** `ip rule add|del ...`. In a delete the kernel takes absent attributes as wildcards: rule-match.ts checks the result first. */
export function encodeRuleChange(action: 'add' | 'delete', rule: RuleInfo): Buffer {
  const body = Buffer.alloc(BODY);
  body[0] = addressFamily(rule.family);
  body[1] = rule.to?.length ?? 0;
  body[2] = rule.from?.length ?? 0;
  body[7] = actions.indexOf(rule.action);
  return buildMessage({
    type: action === 'add' ? nl.RTM_NEWRULE : nl.RTM_DELRULE,
    flags: nl.NLM_F_REQUEST | nl.NLM_F_ACK | (action === 'add' ? nl.NLM_F_CREATE | nl.NLM_F_EXCL : 0),
    body,
    attributes: [
      u32Attribute(nl.FRA_PRIORITY, rule.priority),
      rule.iif === '' ? undefined : textAttribute(nl.FRA_IIFNAME, rule.iif),
      rule.oif === undefined ? undefined : textAttribute(nl.FRA_OIFNAME, rule.oif),
      ...markAttributes(rule.mark),
      rule.l3mdev === undefined ? undefined : u8Attribute(nl.FRA_L3MDEV, 1),
      prefixAttribute(nl.FRA_SRC, rule.from),
      prefixAttribute(nl.FRA_DST, rule.to),
      verdictAttribute(rule),
      rule.protocol === 0 ? undefined : u8Attribute(nl.FRA_PROTOCOL, rule.protocol),
    ],
  });
}

function verdictAttribute(rule: RuleVerdict): Attribute | undefined {
  if (rule.action === 'goto') return u32Attribute(nl.FRA_GOTO, rule.target);
  return rule.action === 'lookup' && rule.table !== undefined ? u32Attribute(nl.FRA_TABLE, rule.table) : undefined;
}

function markAttributes(mark: string | undefined): Attribute[] {
  if (mark === undefined) return [];
  const [value = 0, mask = NONE] = mark.split('/').map(Number);
  return [u32Attribute(nl.FRA_FWMARK, value), u32Attribute(nl.FRA_FWMASK, mask)];
}

/** undefined for other families (multicast routing has rules of its own). */
export function decodeRule({ bytes, type, start, end }: Message): RuleInfo | undefined {
  const family = familyOf(bytes[start]);
  if (type !== nl.RTM_NEWRULE || end - start < BODY || family === undefined) return undefined;
  readAttributes(bytes, start + BODY, end, table);
  const verdict = verdictOf(bytes, start);
  return {
    family,
    priority: readU32(bytes, table, nl.FRA_PRIORITY) ?? 0,
    ...verdict,
    iif: readText(bytes, table, nl.FRA_IIFNAME),
    ...selectors(bytes),
    from: prefixOf(bytes, nl.FRA_SRC, family, bytes.readUInt8(start + 2)),
    to: prefixOf(bytes, nl.FRA_DST, family, bytes.readUInt8(start + 1)),
    protocol: readU8(bytes, table, nl.FRA_PROTOCOL) ?? 0,
    extra: extraOf(bytes, start, verdict.action),
  };
}

/** RT_TABLE_UNSPEC is the table of `l3mdev`. */
function verdictOf(bytes: Buffer, start: number): RuleVerdict {
  const action = actions[bytes.readUInt8(start + 7)] ?? 'other';
  if (action === 'goto') return { action, target: readU32(bytes, table, nl.FRA_GOTO) ?? 0 };
  if (action !== 'lookup') return { action };
  const id = readU32(bytes, table, nl.FRA_TABLE) ?? bytes.readUInt8(start + 4);
  return id === 0 ? { action } : { action, table: id };
}

/** The fields of RuleInfo that are absent if the rule does not have them. */
function selectors(bytes: Buffer): Pick<RuleInfo, 'oif' | 'mark' | 'l3mdev'> {
  const oif = readText(bytes, table, nl.FRA_OIFNAME);
  const value = readU32(bytes, table, nl.FRA_FWMARK);
  const mask = readU32(bytes, table, nl.FRA_FWMASK);
  const hex = (n: number | undefined): string => `0x${(n ?? 0).toString(16)}`;
  return {
    ...(oif === '' ? {} : { oif }),
    ...(value === undefined && mask === undefined ? {} : { mark: `${hex(value)}/${hex(mask)}` }),
    ...(readU8(bytes, table, nl.FRA_L3MDEV) === 1 ? { l3mdev: true as const } : {}),
  };
}

function prefixOf(bytes: Buffer, type: number, family: Family, length: number): Prefix | undefined {
  const at = attributeAt(bytes, table, type, addressSize(family));
  return at === 0 || length === 0 ? undefined : { family, address: decodeAddress(bytes, at, family), length };
}

/** `not`, `tos`, and `attrN=hex` by ascending N (FRA_UID_RANGE is 20, ...). */
function extraOf(bytes: Buffer, start: number, action: RuleAction): string {
  const parts: string[] = [];
  if ((bytes.readUInt32LE(start + 8) & nl.FIB_RULE_INVERT) !== 0) parts.push('not');
  if (bytes[start + 3] !== 0) parts.push(`tos=${bytes.readUInt8(start + 3)}`);
  if (action === 'other') parts.push(`action=${bytes.readUInt8(start + 7)}`);
  for (let type = 1; type < table.length; type++) {
    const value = table[type] ?? 0;
    if (value === 0 || told.has(type) || isNeutral(bytes, type)) continue;
    parts.push(`attr${type}=${bytes.toString('hex', value, valueEnd(bytes, value))}`);
  }
  return parts.join(' ');
}

/** The kernel sends FRA_SUPPRESS_PREFIXLEN with every rule, -1 for none (fib_nl_fill_rule). */
const isNeutral = (bytes: Buffer, type: number): boolean =>
  type === nl.FRA_SUPPRESS_PREFIXLEN && readU32(bytes, table, type) === NONE;
