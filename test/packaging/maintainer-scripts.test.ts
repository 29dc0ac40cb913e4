// sh accepts the maintainer scripts, and postrm is complete without any file of the package.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { postrm } from '../../packaging/deb/control-files.ts';

const script = (name: string): string =>
  readFileSync(new URL(`../../packaging/deb/scripts/${name}`, import.meta.url), 'utf8');

const scripts = {
  preinst: script('preinst'),
  postinst: script('postinst'),
  prerm: script('prerm'),
  postrm: await postrm(),
};

test.each(Object.entries(scripts))('%s', (_name, text) => {
  const { status, stderr } = spawnSync('sh', ['-n'], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(text).toMatch(/^#!\/bin\/sh\nset -e\n/);
});

test('postrm needs no file of the package', () => {
  expect(scripts.postrm).toContain('\ntake_down() {\n');
  expect(scripts.postrm).not.toContain('#PURGE#');
  expect(scripts.postrm).not.toMatch(/\/usr\/(bin|lib|share)\/wgospf/);
});

test('an upgrade stops no service', () => {
  const stops = scripts.prerm.split('\n').filter((line) => line.includes('deb-systemd-invoke'));
  expect(stops).toHaveLength(1);
  expect(scripts.prerm).toMatch(/^#!\/bin\/sh\nset -e\n\n\[ "\$1" = remove \] .*\|\| exit 0\n/);
});
