// Named network namespaces: ip-netns(8), or a unit if systemd runs, makes and deletes them; the agent's part inside enters them.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { batched } from '../batch.ts';
import { hasErrno, hostError } from '../errno.ts';
import { HostError, isHostError } from '../error.ts';
import { run } from '../processes.ts';
import { NAMESPACES } from '../rtnetlink/place.ts';
import { bySystemd } from '../systemd-unit.ts';
import type { Host, NetworkNamespaces, Wireguard } from '../types.ts';
import { version } from '../version.ts';
import { createInsideClient, type InsideClient } from './client.ts';
import { connectInside } from './connect.ts';
import { namespaceId } from './namespace-file.ts';
import { socketOf } from './protocol.ts';
import { insideUnit, openInside, rememberProgram } from './start-inside.ts';

const exists = (name: string): boolean => namespaceId(name) !== undefined;
const namespaceUnit = (name: string): string => `wgospf-netns@${name}.service`;

/** @param outside the agent's host */
export function createNamespaces(outside: () => Host): NetworkNamespaces & { readonly close: () => void } {
  rememberProgram();
  const clients = new Map<string, { readonly id: number; readonly host: Host; readonly client: InsideClient }>();
  const leave = (name: string): void => {
    clients.get(name)?.client.close();
    clients.delete(name);
  };
  const enter = (name: string): Host | undefined => {
    const id = namespaceId(name);
    const known = clients.get(name);
    if (known !== undefined && known.id === id) return known.host;
    leave(name);
    if (id === undefined) return undefined;
    const client = createInsideClient({ name, open: () => openInside(name, version) });
    const host = insideHost(outside(), name, client);
    clients.set(name, { id, host, client });
    return host;
  };
  return {
    list,
    add,
    async delete(name) {
      leave(name);
      await remove(name);
    },
    enter: (name) => Promise.resolve(enter(name)),
    close: () => [...clients.keys()].forEach(leave),
  };
}

function insideHost(outside: Host, name: string, client: InsideClient): Host {
  /** Starts it outside, for its UDP socket, and moves its tun link inside: wireguard-go uses its tun by descriptor */
  const startUserspace: Wireguard['startUserspace'] = async (dev) => {
    if ((await client.wg.userspaceDevices()).includes(dev)) return;
    await outside.wg.startUserspace(dev);
    await outside.rtnl.setLink(dev, { netns: name });
  };
  return {
    ...outside,
    rtnl: batched({ ...client.rtnl, close: () => undefined }),
    wg: { ...client.wg, startUserspace },
    sysctl: batched(client.sysctl),
    nft: client.nft,
    close: () => undefined,
  };
}

async function list(): Promise<string[]> {
  try {
    return (await readdir(NAMESPACES)).sort();
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw hostError(`list ${NAMESPACES}`, error);
  }
}

async function add(name: string): Promise<void> {
  const operation = `add network namespace ${name}`;
  if (exists(name)) throw new HostError({ operation, code: 'EEXIST', detail: 'there is one of that name' });
  if (bySystemd()) return systemctl('start', namespaceUnit(name), operation);
  await run('ip', ['netns', 'add', name], { operation });
  // not `ip -n`, which mounts /sys again, and fails if that is not allowed
  await run('nsenter', [`--net=${join(NAMESPACES, name)}`, 'ip', 'link', 'set', 'lo', 'up'], { operation });
}

/** Ends the part inside first: while a process runs in it, a namespace continues to exist without its name. */
async function remove(name: string): Promise<void> {
  const operation = `delete network namespace ${name}`;
  if (!exists(name)) throw new HostError({ operation, code: 'ENOENT', detail: 'there is none of that name' });
  if (bySystemd()) {
    await systemctl('stop', insideUnit(name), operation);
    await systemctl('stop', namespaceUnit(name), operation);
    // a failed start left a half-made namespace: systemd then has nothing to stop
    if (exists(name)) await run('ip', ['netns', 'delete', name], { operation }).catch(() => undefined);
  } else {
    await endInside(name);
    await run('ip', ['netns', 'delete', name], { operation });
  }
  await rm(socketOf(name), { force: true });
  if (!exists(name)) return;
  const detail = `${namespaceUnit(name)} did not make it, and leaves it; to delete it: ip netns delete ${name}`;
  throw new HostError({ operation, code: 'EBUSY', detail });
}

/** Returns when the part inside has closed the connection, which happens as its process ends. */
async function endInside(name: string): Promise<void> {
  const connection = await connectInside(socketOf(name), { version, netns: namespaceId(name) ?? 0 });
  if (connection === undefined) return;
  const closed = Promise.withResolvers<undefined>();
  connection.onClose(() => closed.resolve(undefined));
  const timer = setTimeout(() => connection.destroy(), END_MS);
  connection.send({ kind: 'end' });
  await closed.promise;
  clearTimeout(timer);
}

/** A part that hangs longer than this ends by itself when it continues. */
const END_MS = 2_000;

async function systemctl(verb: 'start' | 'stop', unit: string, operation: string): Promise<void> {
  try {
    await run('systemctl', [verb, unit], { operation });
  } catch (error) {
    if (!isHostError(error)) throw error;
    const detail = `${error.detail}; journalctl -u ${unit}`;
    throw new HostError({ operation, code: error.code, detail, cause: error });
  }
}
