// The contenders that make the tunnels of a hub from nothing, as scripts of the machine: the preparation, and the timed part.
import { hubBatch, hubSetconf, type HubTunnel } from '../hub.ts';
import { hubFiles } from '../hub-machine.ts';
import { ruleLines } from '../hub-rules.ts';

export interface Rival {
  readonly name: string;
  /** beforehand */
  readonly prepare: string;
  /** returns when everything exists */
  readonly run: string;
  /** removes what remains beside links, rules and routes */
  readonly clean: string;
}

/** A file of the machine. */
const file = (path: string, text: string): string => `cat >${path} <<'END'\n${text}\nEND\n`;

/** Returns when every tunnel has its route, and every rule exists. */
const settled = (tunnels: readonly HubTunnel[]): string =>
  `until test $(ip route show table 2 | grep -c '/31 dev wg') = ${tunnels.length}; do sleep 0.1; done`;

/** `wgospf apply` prints the operations as they are done: the times of the first and last one are noted beside the whole. */
const wgospf = (tunnels: readonly HubTunnel[]): Rival => ({
  name: 'wgospf apply',
  prepare: hubFiles(tunnels),
  run: `wgospf apply --adopt | perl -MTime::HiRes=time -ne '
    next unless /# done in|, done in/; $last = time; $first = $last unless $first;
    END { printf "work %.3f\\n", $last - $first }'`,
  clean: 'wgospf down >/dev/null',
});

const floor = (tunnels: readonly HubTunnel[]): Rival => ({
  name: 'raw netlink, a program in C',
  prepare: '',
  run: `/root/floor ${tunnels.length} >/dev/null`,
  clean: '',
});

/** @param privateKey a text of the machine's shell */
const confs = (tunnels: readonly HubTunnel[]): string =>
  `mkdir -p /etc/wireguard; key=$(wg genkey)
${tunnels.map((tunnel) => `cat >/etc/wireguard/${tunnel.name}.conf <<END\n${hubSetconf(tunnel, '$key')}END`).join('\n')}\n`;

function batch(tunnels: readonly HubTunnel[]): Rival {
  const { v4, v6 } = hubBatch(tunnels);
  const links = tunnels.map(({ name }) => `link add ${name} type wireguard`).join('\n');
  return {
    name: 'ip -batch, wg setconf',
    prepare: `${confs(tunnels)}${file('/root/links', links)}${file('/root/batch4', v4)}${file('/root/batch6', v6)}`,
    run: `ip -batch /root/links
for dev in ${tunnels.map(({ name }) => name).join(' ')}; do wg setconf $dev /etc/wireguard/$dev.conf; done
ip -batch /root/batch4
ip -6 -batch /root/batch6`,
    clean: 'ip address flush dev eth1',
  };
}

function ifupdown(tunnels: readonly HubTunnel[]): Rival {
  const rules = tunnels.map(({ name }) => {
    const [lookup, guard] = [ruleLines([name], 'lookup'), ruleLines([name], 'guard')];
    return [...lookup[4].slice(-1), ...guard[4].slice(-1)].flatMap((line) => [`  up ip ${line}`, `  up ip -6 ${line}`]);
  });
  const stanzas = tunnels.map(({ name, address, network }, i) =>
    [
      `auto ${name}`,
      `iface ${name} inet static`,
      `  address ${address}`,
      '  pre-up ip link add $IFACE type wireguard',
      '  pre-up wg setconf $IFACE /etc/wireguard/$IFACE.conf',
      '  pre-up ip link set $IFACE mtu 1420',
      ...(rules[i] ?? []),
      `  up ip route add ${network} dev $IFACE table 2`,
    ].join('\n'),
  );
  return {
    name: 'ifup -a',
    prepare: `${confs(tunnels)}${file('/etc/network/interfaces.d/mesh', stanzas.join('\n\n'))}`,
    run: 'ifup -a',
    clean: 'rm /etc/network/interfaces.d/mesh; sed -i /^wg/d /run/network/ifstate',
  };
}

function networkd(tunnels: readonly HubTunnel[]): Rival {
  const rule = (lines: string): string => `[RoutingPolicyRule]\nFamily=both\n${lines}`;
  const files = tunnels.map(({ name, address, network, port, key }) => {
    const netdev = `[NetDev]\nName=${name}\nKind=wireguard\nMTUBytes=1420\n[WireGuard]\nPrivateKeyFile=/etc/systemd/network/hub.key\nListenPort=${port}
[WireGuardPeer]\nPublicKey=${key}\nEndpoint=198.51.100.254:51820\nAllowedIPs=0.0.0.0/0,::/0`;
    const network4 = `[Match]\nName=${name}\n[Network]\nAddress=${address}\nLinkLocalAddressing=no\nIPv6AcceptRA=no
${rule(`IncomingInterface=${name}\nPriority=1031\nTable=2`)}\n${rule(`IncomingInterface=${name}\nPriority=1099\nType=unreachable`)}
[Route]\nDestination=${network}\nTable=2\nScope=link`;
    return file(`/etc/systemd/network/${name}.netdev`, netdev) + file(`/etc/systemd/network/${name}.network`, network4);
  });
  return {
    name: 'systemd-networkd',
    prepare: `(umask 027; wg genkey >/etc/systemd/network/hub.key; chgrp systemd-network /etc/systemd/network/hub.key)\n${files.join('')}`,
    run: `systemctl start systemd-networkd; ${settled(tunnels)}`,
    clean: 'systemctl stop systemd-networkd.socket systemd-networkd; rm /etc/systemd/network/*',
  };
}

/** Ours first: the others are compared with it. */
export const rivals = (tunnels: readonly HubTunnel[]): Rival[] =>
  [wgospf, floor, batch, ifupdown, networkd].map((of) => of(tunnels));
