// Logins whose connection the state file would end.
import type { Condition } from '../../engine/types.ts';
import { readLogins, type Login } from '../../host/logins.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouteAnswer } from '../../host/types.ts';
import { insideModel } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { contains, familyOf } from '../../net/ip.ts';
import { MAIN_TABLE } from '../../net/names.ts';
import { borrowedNames, inMesh, isMeshName } from '../uplinks.ts';

const isNeighbour = (model: RouterModel, dev: string, address: string): boolean =>
  model.interfaces
    .filter(({ name }) => name === dev)
    .some(({ addresses, routes }) => [...addresses, ...routes].some((prefix) => contains(prefix, address)));

/** Why answers to the login would no longer arrive; undefined if they would. Pure. */
export function whyLost({ local, remote, ssh }: Login, dev: string, model: RouterModel): string | undefined {
  const isMesh = inMesh(model, remote) !== undefined;
  if (!isMeshName(model, dev)) {
    return isMesh ? `${remote.address} is inside mesh.prefixes, and answers would go into the mesh` : undefined;
  }
  if (!borrowedNames(model).has(dev)) return undefined;
  if (insideModel(model) !== undefined) {
    // for any other service the condition mesh-login warns
    return ssh || !isMesh ? `${dev} moves into the mesh's namespace, where no service of this host is` : undefined;
  }
  if (isMesh || isNeighbour(model, dev, remote.address)) return undefined;
  if (model.mesh.isolation === 'vrf')
    return `${dev} moves into the mesh's VRF, which does not lead to ${remote.address}`;
  return inMesh(model, local) === undefined || model.mesh.exit
    ? undefined
    : `what ${local.address} sends would follow the table of the mesh, which does not lead to ${remote.address}`;
}

function lost(login: Login, answer: RouteAnswer | undefined, model: RouterModel): Condition[] {
  // by any other table the connection already belongs to the mesh
  if (answer?.verdict !== 'forward' || answer.table !== MAIN_TABLE) return [];
  const why = whyLost(login, answer.dev, model);
  if (why === undefined) return [];
  const { local, remote } = login;
  const message =
    `${remote.address} is connected to ${local.address} port ${local.port} of this host by ${answer.dev}, and would be cut off: ${why}; ` +
    `log in another way (by an uplink and an address outside mesh.prefixes, or on the console) and end this connection first`;
  return [
    { code: 'login-would-break', severity: 'error', subject: `${remote.address}:${remote.port}`, message, veto: true },
  ];
}

export async function loginConditions(host: HostReader, model: RouterModel): Promise<Condition[]> {
  const logins = (await readLogins(host)).filter(({ remote }) => model.env.ipv6 || familyOf(remote.address) === 4);
  if (logins.length === 0) return [];
  const answers = await host.rtnl.lookUp(
    logins.map(({ local, remote }) => ({ to: remote.address, from: local.address, iif: '' })),
  );
  return logins.flatMap((login, i) => lost(login, answers[i], model));
}
