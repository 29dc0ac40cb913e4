// The lab: routers and hosts in namespaces, connected by an underlay that represents the internet. Nothing in it touches the
// machine's own network, and the whole lab ends with this process (holder.sh).
import { execa } from 'execa';
import { openNamespace, type Namespace, type CommandRecord } from './namespace.ts';
import { makeRouter, type Router } from './router.ts';

export interface HostOptions {
  /** the router's interface that leads to it */
  readonly dev: string;
  /** with length: `10.69.1.50/24` */
  readonly address: string;
  readonly gateway: string;
}

export interface Lab {
  /** the internet: bridge br0, 198.51.100.254, the routers' default gateway; 203.0.113.1 is an internet host */
  readonly underlay: Namespace;
  /** the output of every command in every namespace */
  readonly log: readonly CommandRecord[];
  /** empties the log */
  readonly forget: () => void;
  /** a new router; eth0 is 198.51.100.N/24 and 2001:db8::N/64, N counts from 1 */
  readonly router: (name: string) => Promise<Router>;
  /** a machine behind a router's local interface, which is up and has no address */
  readonly host: (name: string, router: Namespace, options: HostOptions) => Promise<Namespace>;
  /** a cable between two interfaces that do not exist yet; both ends are up */
  readonly connect: (a: Namespace, aDev: string, b: Namespace, bDev: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

async function connect(a: Namespace, aDev: string, b: Namespace, bDev: string): Promise<void> {
  // only --net: the pids are the machine's own
  const ip = (...args: string[]): Promise<unknown> => execa('nsenter', ['-t', String(a.pid), '--net', 'ip', ...args]);
  await ip('link', 'add', aDev, 'type', 'veth', 'peer', 'name', bDev, 'netns', String(b.pid));
  await a.exec('ip', ['link', 'set', aDev, 'up']);
  await b.exec('ip', ['link', 'set', bDev, 'up']);
}

async function makeUnderlay(log: CommandRecord[]): Promise<Namespace> {
  const underlay = await openNamespace('underlay', log);
  await underlay.sh(`
    ip link add br0 type bridge
    ip addr add 198.51.100.254/24 dev br0
    ip addr add 203.0.113.1/32 dev br0
    ip addr add 2001:db8::fe/64 dev br0
    ip link set br0 up`);
  return underlay;
}

/** Needs root. */
export async function makeLab(): Promise<Lab> {
  const log: CommandRecord[] = [];
  const underlay = await makeUnderlay(log);
  const opened = [underlay];
  let routers = 0;

  const open = async (name: string): Promise<Namespace> => {
    const namespace = await openNamespace(name, log);
    opened.push(namespace);
    return namespace;
  };

  return {
    underlay,
    log,
    forget: () => {
      log.length = 0;
    },
    connect,
    router: async (name) => {
      const n = (routers += 1);
      const namespace = await open(name);
      await connect(underlay, `port${n}`, namespace, 'eth0');
      await underlay.exec('ip', ['link', 'set', `port${n}`, 'master', 'br0']);
      await namespace.sh(`
        ip addr add 198.51.100.${n}/24 dev eth0
        ip addr add 2001:db8::${n}/64 dev eth0
        ip route add default via 198.51.100.254
        ip route add default via 2001:db8::fe`);
      return makeRouter(namespace, `198.51.100.${n}`);
    },
    host: async (name, router, { dev, address, gateway }) => {
      const host = await open(name);
      await connect(router, dev, host, 'eth0');
      await host.sh(`ip addr add ${address} dev eth0; ip route add default via ${gateway}`);
      return host;
    },
    close: async () => {
      await Promise.all(opened.splice(0).map((namespace) => namespace.close()));
    },
  };
}
