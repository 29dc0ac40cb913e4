// Who would miss a setting of ours if it were given back: others may need by now what was off before us, and the kernel
// does not say that they set it again.
import type { HostReader } from '../../host/reader.ts';
import type { AddressInfo, LinkInfo } from '../../host/types.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import { isMarked, WGOSPF_PROTOCOL } from '../../net/names.ts';
import { LINK_NOTE } from '../tags.ts';

/** The folders of sysctl.d(5), and the file of procps. */
const FOLDERS: readonly string[] = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/lib/sysctl.d'];
const FILE = '/etc/sysctl.conf';

/** Links of these kinds lead to no other network by themselves. */
const PLAIN: readonly string[] = ['', 'dummy', 'vlan', 'bond', 'team'];

const FORWARDING: Readonly<Record<string, 4 | 6>> = {
  'net.ipv4.ip_forward': 4,
  'net.ipv6.conf.all.forwarding': 6,
};

/** The note of the links that worked without the setting when we set it: `ip_forward` was off beside them. */
export const besideNote = (name: string): string => `beside:${name}`;

/** Why the setting stays as it is; undefined if nobody is found who needs it. */
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

/** Names of foreign links that may need the setting; undefined if the setting is of another kind. */
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

/** A bridge of containers or virtual machines, or a tunnel: their purpose is forwarding. */
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

/** `-net/ipv4/ip_forward = 1`: sysctl.d(5) allows a leading dash, and slashes instead of dots. */
function asks(text: string, name: string, value: string): boolean {
  const key = name.replaceAll('.', '\0').replaceAll('/', '.').replaceAll('\0', '/');
  return text.split('\n').some((line) => {
    const [said = '', wanted = ''] = line.split('=').map((part) => part.trim());
    const plain = said.replace(/^-/, '');
    return (plain === name || plain === key) && wanted === value;
  });
}
