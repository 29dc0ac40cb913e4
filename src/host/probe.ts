// The facts of the host that `config/resolve` needs.
import { isHostError } from './error.ts';
import type { Host, LinkKind } from './types.ts';

/** The model's HostEnv. */
export interface ProbedEnv {
  readonly ipv6: boolean;
  readonly kernelWireguard: boolean;
  /** whether the kernel has VRF devices */
  readonly vrf: boolean;
  /** version of the installed BIRD: `2.0.12` */
  readonly bird: string | undefined;
  /** the user that BIRD will run as when it is started */
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
  // No such name: the kernel has no IPv6 (CONFIG_IPV6=n, ipv6.disable=1). A host that disables it by sysctl can enable it
  // again, one interface at a time; the kernel accepts rules and unreachable routes even while it is disabled.
  return { ipv6: disabled !== undefined, kernelWireguard, vrf, bird: bird?.text, birdUser };
}

async function kernelHas(host: Host, kind: LinkKind): Promise<boolean> {
  try {
    return await host.rtnl.supportsLinkKind(kind);
  } catch (error) {
    // not root: the kernel cannot be asked, and nearly every kernel has both (WireGuard since 5.6)
    if (isHostError(error, 'EPERM')) return true;
    throw error;
  }
}
