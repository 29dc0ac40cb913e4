// The copyright file: a stanza for us, each bundled package and Node, in the form of DEP-5.
import { expect, test } from 'vitest';
import { makeCopyright } from '../../packaging/deb/copyright.ts';

const mit = 'MIT License\n\nCopyright (c) 2026 somebody\n\nPermission is hereby granted\tto any person.\r\n';
const apache = `Apache License\n  "copyright owner" means ...\n  Copyright [yyyy] [name]\n\n  Copyright 2020 ehmicky\n`;
const entry = (name: string, licence: string, licenceText: string) => ({
  ...{ name, licence, licenceText, version: '1.0.0', folder: `node_modules/${name}`, homepage: 'https://example.org' },
});

const text = makeCopyright({
  own: mit,
  packages: [entry('a', 'MIT', mit), entry('b', 'Apache-2.0', apache)],
  node: {
    version: '24.0.0',
    licenceText: 'Node.js is licensed\n\nCopyright Node.js contributors. All rights reserved.\n',
  },
});
const stanzas = text.split('\n\n');
const stanzaOf = (files: string): string => stanzas.find((s) => s.startsWith(`Files: ${files}\n`)) ?? '';

test('everything inside has a stanza', () => {
  expect(stanzas.map((s) => s.split('\n')[0])).toEqual([
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Files: *',
    'Files: node_modules/a/*',
    'Files: node_modules/b/*',
    'Files: node_modules/node-linux-*/bin/node',
  ]);
  expect(stanzaOf('node_modules/node-linux-*/bin/node')).toContain('\nCopyright: Copyright Node.js contributors.');
});

test('each line is a field or indented, and an empty one is a dot', () => {
  expect(stanzaOf('node_modules/a/*')).toBe(
    [
      'Files: node_modules/a/*',
      'Copyright: Copyright (c) 2026 somebody',
      'License: MIT',
      ' MIT License',
      ' .',
      ' Copyright (c) 2026 somebody',
      ' .',
      ' Permission is hereby granted    to any person.',
      'Comment: a 1.0.0, part of wgospf.mjs. https://example.org',
    ].join('\n'),
  );
  for (const line of text.split('\n')) expect(line).toMatch(/^$|^ \S| {2,}\S|^[A-Z][A-Za-z-]+: \S/);
});

test("Apache's text is a reference to Debian's copy, with its own holder", () => {
  const stanza = stanzaOf('node_modules/b/*');
  expect(stanza).toContain('\nCopyright: Copyright 2020 ehmicky\n');
  expect(stanza).toContain('/usr/share/common-licenses/Apache-2.0');
  expect(stanza).not.toContain('copyright owner');
});
