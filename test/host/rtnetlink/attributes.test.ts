import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attributeAt,
  attributesSize,
  bytesAttribute,
  nestedAttribute,
  readAttributes,
  readText,
  readU32,
  readU8,
  textAttribute,
  u32Attribute,
  u8Attribute,
  valueEnd,
  writeAttributes,
  type Attribute,
} from '../../../src/host/rtnetlink/attributes.ts';

const write = (attributes: readonly Attribute[]): Buffer => {
  const bytes = Buffer.alloc(attributesSize(attributes));
  expect(writeAttributes(bytes, 0, attributes)).toBe(bytes.length);
  return bytes;
};
/** Read after eight other bytes, so that no offset is right by accident. */
const read = (bytes: Buffer): { message: Buffer; table: Uint32Array } => {
  const message = Buffer.concat([Buffer.alloc(8, 0xee), bytes]);
  const table = new Uint32Array(40);
  readAttributes(message, 8, message.length, table);
  return { message, table };
};

describe('writing', () => {
  it('lays out length, type, value and padding', () => {
    expect(write([u8Attribute(21, 87), u32Attribute(6, 1021)]).toString('hex')).toBe(
      '0500150057000000' + '08000600fd030000',
    );
  });
  it('ends a text with NUL and counts it', () => {
    expect(write([textAttribute(3, 'wg7')]).toString('hex')).toBe('0800030077673700');
  });
  it('nests attributes', () => {
    expect(write([nestedAttribute(18, [textAttribute(1, 'dummy')])]).toString('hex')).toBe(
      '10001200' + '0a000100' + '64756d6d7900' + '0000',
    );
  });
  it('writes an empty value as a bare header', () => {
    expect(write([bytesAttribute(20, new Uint8Array())]).toString('hex')).toBe('04001400');
  });
});

describe('reading', () => {
  const value = fc.uint8Array({ maxLength: 40 });
  const attributes = fc.uniqueArray(fc.record({ type: fc.integer({ min: 1, max: 39 }), value }), {
    selector: ({ type }) => type,
  });

  it('returns every value that was written', () => {
    fc.assert(
      fc.property(attributes, (list) => {
        const { message, table } = read(write(list));
        for (const { type, value: written } of list) {
          const at = table[type] ?? 0;
          expect(message.subarray(at, valueEnd(message, at))).toEqual(Buffer.from(written));
        }
        expect(table.filter((at) => at !== 0)).toHaveLength(list.length);
      }),
    );
  });
  it('accepts any bytes and stays inside them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { message, table } = read(Buffer.from(bytes));
        for (const at of table) if (at !== 0) expect(valueEnd(message, at)).toBeLessThanOrEqual(message.length);
      }),
    );
  });
  it('stops at a length that reaches beyond the message', () => {
    const { table } = read(Buffer.from('0800060001000000' + '20000f0002000000', 'hex'));
    expect([table[6] !== 0, table[15]]).toEqual([true, 0]);
  });
  it('ignores types beyond the table and the nested flag', () => {
    const { message, table } = read(Buffer.from('08002801ff000000' + '0800068007000000', 'hex'));
    expect(readU32(message, table, 6)).toBe(7);
  });
  it('reads no number from a value that is too short', () => {
    const { message, table } = read(write([u8Attribute(6, 1), bytesAttribute(7, new Uint8Array())]));
    expect(readU32(message, table, 6)).toBeUndefined();
    expect(readU8(message, table, 7)).toBeUndefined();
    expect(attributeAt(message, table, 6, 1)).toBeGreaterThan(0);
  });
  it('reads a text to its NUL, or to its end without one', () => {
    const { message, table } = read(write([textAttribute(1, 'wg7'), bytesAttribute(2, Buffer.from('wgospf'))]));
    expect([1, 2, 3].map((type) => readText(message, table, type))).toEqual(['wg7', 'wgospf', '']);
  });
});
