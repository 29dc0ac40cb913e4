// What the resolver must know of the host before it resolves.
import { isHostError } from './error.ts';
import type { Host } from './types.ts';

/** The model's HostEnv. */
export interface ProbedEnv {
  readonly ipv6: boolean;
  readonly kernelWireguard: boolean;
  /** of the installed BIRD: `2.0.12` */
  readonly bird: string | undefined;
}

export async function probeEnv(host: Host): Promise<ProbedEnv> {
  const [disabled, kernelWireguard, bird] = await Promise.all([
    host.sysctl.read('net.ipv6.conf.all.disable_ipv6'),
    kernelHasWireguard(host),
    host.bird.version(),
  ]);
  // No such name: the kernel is without IPv6 (CONFIG_IPV6=n, ipv6.disable=1). A host that has it switched off by sysctl can
  // switch it on again, an interface at a time; rules and unreachable routes are taken all the same, and stand ready.
  return { ipv6: disabled !== undefined, kernelWireguard, bird: bird?.text };
}

async function kernelHasWireguard(host: Host): Promise<boolean> {
  try {
    return await host.rtnl.supportsLinkKind('wireguard');
  } catch (error) {
    // not root: nothing can be tried, and nearly every kernel has it (5.6 and later)
    if (isHostError(error, 'EPERM')) return true;
    throw error;
  }
}
