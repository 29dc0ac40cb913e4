// CHANGELOG.md as Debian writes it.
import { expect, test } from 'vitest';
import { makeChangelog } from '../../packaging/deb/changelog.ts';

const text = `# Changelog

Words.

## [Unreleased]

### Added

- The state file \`/etc/x\`, every problem reported with its line, column and cure
  ([docs/state.md](docs/state.md)).
- Second.

## [0.1.0] - 2026-03-01

- First.
`;
const input = { text, epoch: Date.UTC(2026, 10, 22, 20, 36, 14) / 1000, maintainer: 'A <a@b.invalid>' };

const released = `wgospf (0.1.0) unstable; urgency=medium

  * First.

 -- A <a@b.invalid>  Sun, 01 Mar 2026 00:00:00 +0000
`;

test('an unreleased entry has the version that is built', () => {
  expect(makeChangelog({ ...input, version: '0.2.0' })).toBe(`wgospf (0.2.0) unstable; urgency=medium

  * The state file /etc/x, every problem reported with its line, column and
    cure (docs/state.md).
  * Second.

 -- A <a@b.invalid>  Sun, 22 Nov 2026 20:36:14 +0000

${released}`);
});

const nothingNew = text.replace(/### Added[^#]*/, '');

test('a released version has its entry first', () => {
  expect(makeChangelog({ ...input, text: nothingNew, version: '0.1.0' })).toBe(released);
});

test('a second version of the same sources has its own entry', () => {
  const made = makeChangelog({ ...input, text: nothingNew, version: '0.1.1' });
  expect(made).toContain('wgospf (0.1.1) unstable; urgency=medium\n\n  * Built from the sources of 0.1.0.\n');
  expect(made.endsWith(released)).toBe(true);
});

test('a missing entry is an error', () => {
  expect(() => makeChangelog({ ...input, text: '# Changelog\n', version: '1.0.0' })).toThrow(
    'CHANGELOG.md has no entry',
  );
});
