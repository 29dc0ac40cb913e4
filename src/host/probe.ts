// What the resolver must know of the host before it resolves.
import { isHostError } from './error.ts';
import type { Host, LinkKind } from './types.ts';

/** The model's HostEnv. */
export interface ProbedEnv {
  readonly ipv6: boolean;
  readonly kernelWireguard: boolean;
  /** whether the kernel has VRF devices */
  readonly vrf: boolean;
  /** of the installed BIRD: `2.0.12` */
  readonly bird: string | undefined;
  /** whom a BIRD that is down will run as */
  readonly birdUser?: { readonly uid: number; readonly gid: number } | undefined;
}

export async function probeEnv(host: Host): Promise<ProbedEnv> {
  const [disabled, kernelWireguard, vrf, bird, birdUser] = await Promise.all([
    host.sysctl.read('net.ipv6.conf.all.disable_ipv6'),
    kernelHas(host, 'wireguard'),
    kernelHas(host, 'vrf'),
    host.bird.version(),
    host.bird.serviceUser?.(),
  ]);
  // No such name: the kernel is without IPv6 (CONFIG_IPV6=n, ipv6.disable=1). A host that has it switched off by sysctl can
  // switch it on again, an interface at a time; rules and unreachable routes are taken all the same, and stand ready.
  return { ipv6: disabled !== undefined, kernelWireguard, vrf, bird: bird?.text, birdUser };
}

async function kernelHas(host: Host, kind: LinkKind): Promise<boolean> {
  try {
    return await host.rtnl.supportsLinkKind(kind);
  } catch (error) {
    // not root: nothing can be tried, and nearly every kernel has both (WireGuard since 5.6)
    if (isHostError(error, 'EPERM')) return true;
    throw error;
  }
}
