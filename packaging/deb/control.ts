// The control file of the package (deb-control(5)). Pure.

export interface ControlInput {
  readonly version: string;
  readonly architecture: string;
  readonly maintainer: string;
  /** dependencies of the ELF files: `libc6 (>= 2.28)` */
  readonly libraries: readonly string[];
  /** KiB */
  readonly installedSize: number;
}

/**
 * The programs that wgospf runs beside essential packages (setpriv and mkfifo are essential): ip and rtmon; wg; bird; systemd-notify,
 * systemd-run and, at installation, systemd-sysusers.
 */
const PROGRAMS = ['iproute2', 'wireguard-tools', 'bird2 | bird3 | bird', 'systemd'];

/** Asks before purge deletes keys. */
const DEBCONF = 'debconf (>= 0.5) | debconf-2.0';

const DESCRIPTION = `keeps a VPN router of a routed mesh as one file says
 wgospf keeps a router of a routed mesh network as /etc/wgospf/state.yaml says:
 WireGuard tunnels, one interface a peer; a routing table of the mesh with its
 policy rules, and guards that keep mesh traffic from leaving by the uplink;
 the local mesh interfaces; and BIRD with OSPF over all of them.
 .
 A daemon compares the file with the kernel, WireGuard and BIRD, changes what
 differs and nothing else, and puts back at once what somebody else undoes.
 .
 It comes with the Node.js that it runs on, and asks the distribution for none.`;

export function makeControl({ version, architecture, maintainer, libraries, installedSize }: ControlInput): string {
  return [
    'Package: wgospf',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${installedSize}`,
    `Depends: ${[...PROGRAMS, DEBCONF, ...libraries].join(', ')}`,
    'Recommends: nftables, wireguard-go',
    'Section: net',
    'Priority: optional',
    `Description: ${DESCRIPTION}`,
    '',
  ].join('\n');
}
