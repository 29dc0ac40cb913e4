// Who would miss a setting that we made, were it given back: what was off before us may be on for others by now, and the kernel
// does not tell that they set it once more.
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo, LinkInfo } from '../../host/types.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { isMarked, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { LINK_NOTE } from '../tags.ts';

/** sysctl.d(5), and procps' own. */
const FOLDERS: readonly string[] = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/lib/sysctl.d'];
const FILE = '/etc/sysctl.conf';

/** Links of these kinds lead to no other network by themselves. */
const PLAIN: readonly string[] = ['', 'dummy', 'vlan', 'bond', 'team'];

const FORWARDING: Readonly<Record<string, 4 | 6>> = {
  'net.ipv4.ip_forward': 4,
  'net.ipv6.conf.all.forwarding': 6,
};

/** The links that needed it when we set it, and so did without: `ip_forward` was off beside them. */
export const besideNote = (name: string): string => `beside:${name}`;

/** Why the setting stays as it is; undefined where nobody is seen to need it. */
export async function dependentOn(
  name: string,
  value: string,
  host: HostReader,
  notes: ReadonlyMap<string, string>,
): Promise<string | undefined> {
  const file = await askingFile(name, value, host.files);
  if (file !== undefined) return `${file} asks for it`;
  const beside = notes.get(besideNote(name));
  if (beside === undefined) return undefined;
  const news = (await linksBeside(name, host))?.find((link) => !beside.split(' ').includes(link));
  return news && `${news} came since, and may need it`;
}

/** Names of others' links that may need it; undefined where the setting is of no such kind. */
export async function linksBeside(name: string, host: HostReader): Promise<string[] | undefined> {
  const family = FORWARDING[name];
  if (family === undefined && !name.endsWith('_l3mdev_accept')) return undefined;
  const [links, addresses, notes] = await Promise.all([host.rtnl.links(), host.rtnl.addresses(), host.notes.all()]);
  const others = links.filter(
    (link) => link.name !== 'lo' && link.up && !isMarked(link) && !notes.has(`${LINK_NOTE}${link.name}`),
  );
  const kept = family === undefined ? others.filter(isVrf) : others.filter((link) => forwards(link, addresses, family));
  return kept.map((link) => link.name);
}

const isVrf = ({ kind }: LinkInfo): boolean => kind === 'vrf';

/** A bridge of containers or virtual machines, or a tunnel: what they are for is forwarding. */
const forwards = ({ name, kind }: LinkInfo, addresses: readonly AddressInfo[], family: 4 | 6): boolean =>
  !PLAIN.includes(kind) &&
  addresses.some(
    ({ dev, prefix, protocol }) =>
      dev === name && prefix.family === family && protocol !== WGOSPF_PROTOCOL && !isLinkLocal(prefix.address),
  );

async function askingFile(name: string, value: string, files: HostReader['files']): Promise<string | undefined> {
  for (const file of [FILE, ...(await inFolders(files))]) {
    if (asks((await readable(files, file)) ?? '', name, value)) return file;
  }
  return undefined;
}

async function inFolders(files: HostReader['files']): Promise<string[]> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => (await files.list(folder)).map((name) => `${folder}/${name}`)),
  );
  return lists.flat().filter((path) => path.endsWith('.conf'));
}

const readable = (files: HostReader['files'], path: string): Promise<string | undefined> =>
  files.read(path).catch(() => undefined);

/** `-net/ipv4/ip_forward = 1`: a leading dash, and slashes for dots, are allowed. */
function asks(text: string, name: string, value: string): boolean {
  const key = name.replaceAll('.', '\0').replaceAll('/', '.').replaceAll('\0', '/');
  return text.split('\n').some((line) => {
    const [said = '', wanted = ''] = line.split('=').map((part) => part.trim());
    const plain = said.replace(/^-/, '');
    return (plain === name || plain === key) && wanted === value;
  });
}
