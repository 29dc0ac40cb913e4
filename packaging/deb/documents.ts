// The documents as installed in /usr/share/doc/wgospf: docs/ is one level higher there, beside the README. Pure.
import { dirname, join, normalize, relative } from 'node:path';

/** Path in the checkout -> path in the package's folder of documents; undefined: only for developers, and left out. */
export function documentPath(path: string): string | undefined {
  if (path === 'README.md') return path;
  if (!path.startsWith('docs/') || !path.endsWith('.md')) return undefined;
  return path.slice('docs/'.length);
}

const LINK = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g;

/** A page with its links for that folder; a link to a file outside the package becomes its words, a picture is removed. */
export function packagedPage(path: string, text: string): string {
  const here = documentPath(path);
  if (here === undefined) throw new Error(`${path} is no document of the package`);
  return text.replace(LINK, (whole, picture: string, words: string, link: string) => {
    if (/^[a-z]+:/.test(link) || link.startsWith('#')) return whole;
    const [target = '', anchor] = link.split('#');
    const there = documentPath(normalize(join(dirname(path), target)));
    if (there === undefined) return picture === '' ? words : '';
    return `[${words}](${relative(dirname(here), there)}${anchor === undefined ? '' : `#${anchor}`})`;
  });
}
