// /usr/share/doc/wgospf/copyright, in the machine-readable format of Debian (DEP-5). Pure.
import type { BundledPackage } from './bundled-package.ts';

export interface CopyrightInput {
  /** wgospf's own LICENSE */
  readonly own: string;
  readonly packages: readonly BundledPackage[];
  /** the npm package of Node */
  readonly node: { readonly version: string; readonly licenceText: string };
}

/** Continuation lines of a field: indented; an empty line is a dot. */
const continued = (text: string): string =>
  text
    .replaceAll('\r', '')
    .trimEnd()
    .split('\n')
    .map((line) => (line.trim() === '' ? ' .' : ` ${line.replaceAll('\t', '    ').trimEnd()}`))
    .join('\n');

/** The lines that name the copyright holders. A licence text without any, such as Apache's own, names nobody. */
function holders(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^[\s*"'#-]+/, '').trim())
    .filter((line) => /^(copyright|\(c\)|©)\s+(?!notice|owner|holder|law|license|statement|\[yyyy\])/i.test(line));
  return lines.length === 0 ? 'the authors, as its repository tells' : [...new Set(lines)].join('\n           ');
}

/** Apache's text in a package names no holder; Debian has the whole text. */
const COMMON = new Map([['Apache-2.0', 'On Debian systems its text is in /usr/share/common-licenses/Apache-2.0.']]);

/** Names of licences are unique in the file: two texts of MIT differ in their first line. */
function stanza(files: string, licence: string, text: string, comment: string): string {
  const common = COMMON.get(licence);
  const body = common ?? text;
  return [
    `Files: ${files}`,
    `Copyright: ${holders(text)}`,
    `License: ${licence}`,
    continued(body),
    ...(comment === '' ? [] : [`Comment: ${comment}`]),
    '',
  ].join('\n');
}

const NODE_LICENCE = 'MIT and others';

export function makeCopyright({ own, packages, node }: CopyrightInput): string {
  const bundled = packages.map(({ name, version, licence, licenceText, folder, homepage }) =>
    stanza(`${folder}/*`, licence, licenceText, `${name} ${version}, part of wgospf.mjs. ${homepage}`.trim()),
  );
  return [
    'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/',
    'Upstream-Name: wgospf',
    'Comment: Paths are those of the source. /usr/lib/wgospf/wgospf.mjs is made of src and of the parts under',
    ' node_modules; wgospf.cdx.json lists all of it with versions.',
    '',
    stanza('*', 'MIT', own, ''),
    ...bundled,
    stanza(
      'node_modules/node-linux-*/bin/node',
      NODE_LICENCE,
      node.licenceText,
      `Node.js ${node.version}, /usr/lib/wgospf/node; below is its LICENSE, with those of the parts it is made of.`,
    ),
  ].join('\n');
}
