// Reads settings of a systemd daemon with systemd's own rules: networkd.conf(5), CONFIGURATION DIRECTORIES AND PRECEDENCE. Reads only.
import type { Files } from './types.ts';

/** In order of priority: a file hides files of the same name in later folders. */
const FOLDERS = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];

type Reader = Pick<Files, 'read' | 'list'>;

/** A file that is in effect, with its text. */
interface ConfFile {
  readonly path: string;
  readonly text: string;
}

async function mainFile(files: Reader, name: string): Promise<ConfFile[]> {
  for (const folder of FOLDERS) {
    const path = `${folder}/${name}`;
    const text = await files.read(path);
    if (text !== undefined) return [{ path, text }];
  }
  return [];
}

/** Drop-ins in the order of their names, regardless of their folders. A symbolic link to /dev/null reads as empty. */
async function dropIns(files: Reader, name: string): Promise<ConfFile[]> {
  const paths = new Map<string, string>();
  for (const folder of FOLDERS.map((parent) => `${parent}/${name}.d`)) {
    for (const file of await files.list(folder)) {
      if (file.endsWith('.conf') && !paths.has(file)) paths.set(file, `${folder}/${file}`);
    }
  }
  const sorted = [...paths].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(sorted.map(async ([, path]) => ({ path, text: (await files.read(path)) ?? '' })));
}

/** The values of one section in order. Ignores empty values, as systemd does for booleans. */
function parseSection(text: string, section: string): [string, string][] {
  const values: [string, string][] = [];
  let current = '';
  for (const line of text.split('\n').map((l) => l.trim())) {
    const [, heading] = /^\[(.*)\]$/.exec(line) ?? [];
    if (heading !== undefined) current = heading;
    const [, key, value] = /^([A-Za-z0-9]+)\s*=\s*(.+)$/.exec(line) ?? [];
    if (current === section && key !== undefined && value !== undefined) values.push([key, value]);
  }
  return values;
}

export interface SystemdConf {
  readonly values: ReadonlyMap<string, string>;
  /** the files in effect, the main file first */
  readonly paths: readonly string[];
}

/** @param name of the file: `networkd.conf` */
export async function readSystemdConf(files: Reader, name: string, section: string): Promise<SystemdConf> {
  const found = [...(await mainFile(files, name)), ...(await dropIns(files, name))];
  const values = new Map(found.flatMap(({ text }) => parseSection(text, section)));
  return { values, paths: found.map(({ path }) => path) };
}

/** systemd's booleans (parse_boolean in src/basic/parse-util.c); undefined for any other text. */
export function parseSystemdBoolean(text: string): boolean | undefined {
  if (/^(1|yes|y|true|t|on)$/i.test(text)) return true;
  return /^(0|no|n|false|f|off)$/i.test(text) ? false : undefined;
}
