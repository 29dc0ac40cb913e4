// The ELF reader against files of both architectures that this checkout has: the addons of the netlink package, and Node.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readElf } from '../../packaging/deb/elf.ts';

const addon = (platform: string): Uint8Array =>
  readFileSync(new URL(`../../node_modules/netlink/prebuilds/${platform}/node.napi.node`, import.meta.url));

test.each([
  ['linux-x64', 'amd64'],
  ['linux-arm64', 'arm64'],
])('%s', (platform, architecture) => {
  const facts = readElf(addon(platform));
  expect(facts.architecture).toBe(architecture);
  expect(facts.needed).toEqual(expect.arrayContaining(['libstdc++.so.6', 'libc.so.6']));
  expect(facts.versions).toContain('GLIBCXX_3.4');
});

test('the running Node has the versions that it needs', () => {
  const { needed, versions } = readElf(readFileSync(process.execPath));
  expect(needed).toContain('libc.so.6');
  expect(versions).toContain('GLIBC_2.28');
  expect(versions).toContain('GLIBCXX_3.4.21');
});

test('a file that is not ELF is refused', () => {
  expect(() => readElf(Buffer.from('#!/bin/sh\n'))).toThrow('not a 64 bit little-endian ELF file');
  // EM_386
  const other = Buffer.from(addon('linux-x64'));
  other.writeUInt16LE(3, 0x12);
  expect(() => readElf(other)).toThrow('for machine 3');
});
