// Messages of generic netlink (struct genlmsghdr, linux/genetlink.h), and the number of a family, which differs after each boot.
import {
  readAttributes,
  readText,
  readU16,
  textAttribute,
  type Attribute,
  type AttributeTable,
} from '../../rtnetlink/attributes.ts';
import { NLM_F_ACK, NLM_F_REQUEST } from '../../rtnetlink/constants.ts';
import { buildMessage, type Message } from '../../rtnetlink/message.ts';
import * as wg from './constants.ts';

const HEADER = 4;
const table = new Uint32Array(4);

export interface GenericParts {
  readonly family: number;
  readonly command: number;
  /** NLM_F_* */
  readonly flags: number;
  readonly attributes: readonly (Attribute | undefined)[];
}

/** All families that are used here have version 1. */
export const genericMessage = ({ family, command, flags, attributes }: GenericParts): Buffer =>
  buildMessage({ type: family, flags, body: Uint8Array.of(command, wg.WG_GENL_VERSION, 0, 0), attributes });

/** Fills `into` from an answer's attributes. */
export const readGeneric = ({ bytes, start, end }: Message, into: AttributeTable): void =>
  readAttributes(bytes, start + HEADER, end, into);

/** For an unknown family the kernel first loads its module (ctrl_getfamily, net/netlink/genetlink.c), else it answers ENOENT. */
export const encodeGetFamily = (name: string): Buffer =>
  genericMessage({
    family: wg.GENL_ID_CTRL,
    command: wg.CTRL_CMD_GETFAMILY,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    attributes: [textAttribute(wg.CTRL_ATTR_FAMILY_NAME, name)],
  });

/** The number of the family in an answer; undefined if the answer is about another family. */
export function decodeFamily(message: Message, name: string): number | undefined {
  if (message.type !== wg.GENL_ID_CTRL) return undefined;
  readGeneric(message, table);
  if (readText(message.bytes, table, wg.CTRL_ATTR_FAMILY_NAME) !== name) return undefined;
  return readU16(message.bytes, table, wg.CTRL_ATTR_FAMILY_ID);
}
