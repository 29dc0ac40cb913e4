// Conditions about the cost of moving the mesh into a namespace, which an operator must know before.
import type { Condition } from '../../engine/types.ts';
import { readLogins } from '../../host/logins.ts';
import type { HostReader } from '../../host/reader.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { contains } from '../../net/ip.ts';
import { meshLinks } from '../tags.ts';

/** @param noted namespaces that the mesh uses, or used */
export async function netnsConditions(
  host: HostReader,
  model: RouterModel,
  noted: readonly string[],
): Promise<Condition[]> {
  const place = placeOf(model);
  if (place === '') return [];
  const ours = new Set(meshLinks(model).map(({ name }) => name));
  const moving = (await host.rtnl.links()).filter(({ name }) => ours.has(name));
  return [
    ...noted.filter((name) => name !== place).map((name) => renamed(name, place)),
    ...(moving.length === 0 ? [] : await logins(host, model, place)),
  ];
}

const renamed = (from: string, to: string): Condition => ({
  code: 'netns-renamed',
  severity: 'error',
  subject: from,
  message:
    `the mesh lives in the network namespace ${from}, and the state file names another, ${to} (mesh.table.name); ` +
    `it does not move from one to the other: name it ${from}, or run wgospf down and wgospf apply with the daemon stopped`,
  veto: true,
});

/** Connections to services of this router by a mesh address, for example an operator's SSH session. */
async function logins(host: HostReader, model: RouterModel, place: string): Promise<Condition[]> {
  return (await readLogins(host))
    .filter(({ local }) => model.mesh.prefixes.some((prefix) => contains(prefix, local.address)))
    .map(({ local, remote }) => ({
      code: 'mesh-login',
      severity: 'warning',
      subject: `${remote.address}:${remote.port}`,
      message:
        `${remote.address} is connected to ${local.address} port ${local.port} of this router, which moves into the network ` +
        `namespace ${place}, while its services stay outside: the connection ends, and none comes back by a mesh address; ` +
        `log in by the underlay before you apply`,
    }));
}
