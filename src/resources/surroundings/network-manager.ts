// NetworkManager on links of ours: it would put its own addresses and routes on them, those of DHCP first.
import type { Condition } from '../../engine/types.ts';
import { isUnitRunning } from '../../host/systemd-unit.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouterModel } from '../../model/types.ts';
import { meshLinks } from '../tags.ts';

/** One file for each device, `[device]` with `managed=true` (src/core/nm-config.c). */
const stateFile = (index: number): string => `/run/NetworkManager/devices/${index}`;

const isManaged = (text: string): boolean => /^managed=(true|1|yes)$/m.test(text);

const managed = (names: readonly string[]): Condition => ({
  code: 'networkmanager-manages-link',
  severity: 'warning',
  subject: names.join(', '),
  message: `NetworkManager manages interfaces of ours; to prevent this, put "[keyfile]" and "unmanaged-devices=${names.map((name) => `interface-name:${name}`).join(';')}" into /etc/NetworkManager/conf.d/wgospf.conf, then nmcli general reload`,
});

export async function networkManagerConditions(host: HostReader, model: RouterModel): Promise<Condition[]> {
  if (!(await isUnitRunning(host.files, 'NetworkManager'))) return [];
  const ours = new Set(meshLinks(model).map(({ name }) => name));
  const links = (await host.rtnl.links()).filter(({ name }) => ours.has(name));
  const states = await Promise.all(links.map(({ index }) => host.files.read(stateFile(index))));
  const names = links.filter((_, i) => isManaged(states[i] ?? '')).map(({ name }) => name);
  return names.length === 0 ? [] : [managed(names)];
}
