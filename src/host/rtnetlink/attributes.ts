// Encodes and decodes netlink attributes (struct nlattr: length, type, value, padded to four bytes). Numbers are in the
// byte order of the host; every supported architecture is little-endian.

const HEADER = 4;
/** Strips NLA_F_NESTED and NLA_F_NET_BYTEORDER. */
const TYPE_MASK = 0x3fff;

export interface Attribute {
  readonly type: number;
  /** the bytes, or the attributes inside a nested one */
  readonly value: Uint8Array | readonly Attribute[];
}

export const align = (length: number): number => (length + 3) & ~3;

export const bytesAttribute = (type: number, value: Uint8Array): Attribute => ({ type, value });

export const u8Attribute = (type: number, value: number): Attribute => ({ type, value: Uint8Array.of(value) });

export function u16Attribute(type: number, value: number): Attribute {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeUInt16LE(value);
  return { type, value: bytes };
}

export function u32Attribute(type: number, value: number): Attribute {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return { type, value: bytes };
}

/** A string with its final NUL, as NLA_NUL_STRING requires. */
export const textAttribute = (type: number, text: string): Attribute => ({ type, value: Buffer.from(`${text}\0`) });

export const nestedAttribute = (type: number, value: readonly Attribute[]): Attribute => ({ type, value });

const valueSize = ({ value }: Attribute): number =>
  value instanceof Uint8Array ? value.length : attributesSize(value);

/** The size of the attributes in bytes, each padded. */
export const attributesSize = (attributes: readonly Attribute[]): number =>
  attributes.reduce((sum, attribute) => sum + HEADER + align(valueSize(attribute)), 0);

/** Writes into a zeroed buffer and returns the offset behind the last one. */
export function writeAttributes(target: Buffer, start: number, attributes: readonly Attribute[]): number {
  let at = start;
  for (const attribute of attributes) {
    const size = valueSize(attribute);
    target.writeUInt16LE(HEADER + size, at);
    target.writeUInt16LE(attribute.type, at + 2);
    if (attribute.value instanceof Uint8Array) target.set(attribute.value, at + HEADER);
    else writeAttributes(target, at + HEADER, attribute.value);
    at += HEADER + align(size);
  }
  return at;
}

/**
 * Offsets of the values by attribute type, like the kernel's own `tb[]`; 0 if there is none (no value starts there).
 * A module reuses one table, so that decoding a message takes only a microsecond.
 */
export type AttributeTable = Uint32Array;

/** Fills `table` from the attributes between `start` and `end`; stops at a malformed one, as nla_ok() does. */
export function readAttributes(message: Buffer, start: number, end: number, table: AttributeTable): void {
  table.fill(0);
  let at = start;
  while (at + HEADER <= end) {
    const length = message.readUInt16LE(at);
    if (length < HEADER || at + length > end) return;
    const type = message.readUInt16LE(at + 2) & TYPE_MASK;
    if (type < table.length) table[type] = at + HEADER;
    at += align(length);
  }
}

/** Start and end of each value of a list: nested attributes whose types have no meaning. */
export function* listItems(message: Buffer, list: number): Generator<readonly [start: number, end: number]> {
  const end = list === 0 ? 0 : valueEnd(message, list);
  for (let at = list; at + HEADER <= end;) {
    const length = message.readUInt16LE(at);
    if (length < HEADER || at + length > end) return;
    yield [at + HEADER, at + length];
    at += align(length);
  }
}

/** The offset after the last byte of the value. */
export const valueEnd = (message: Buffer, value: number): number =>
  value - HEADER + message.readUInt16LE(value - HEADER);

/** The offset of a value that has at least `size` bytes, or 0. */
export function attributeAt(message: Buffer, table: AttributeTable, type: number, size: number): number {
  const value = table[type] ?? 0;
  return value !== 0 && valueEnd(message, value) - value >= size ? value : 0;
}

export function readU32(message: Buffer, table: AttributeTable, type: number): number | undefined {
  const value = attributeAt(message, table, type, 4);
  return value === 0 ? undefined : message.readUInt32LE(value);
}

export function readU16(message: Buffer, table: AttributeTable, type: number): number | undefined {
  const value = attributeAt(message, table, type, 2);
  return value === 0 ? undefined : message.readUInt16LE(value);
}

export function readU8(message: Buffer, table: AttributeTable, type: number): number | undefined {
  const value = attributeAt(message, table, type, 1);
  return value === 0 ? undefined : message[value];
}

/** A string up to its NUL; '' if the attribute is absent. */
export function readText(message: Buffer, table: AttributeTable, type: number): string {
  const value = table[type] ?? 0;
  if (value === 0) return '';
  let end = valueEnd(message, value);
  const nul = message.indexOf(0, value);
  if (nul !== -1 && nul < end) end = nul;
  return message.toString('utf8', value, end);
}
