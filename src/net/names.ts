// What the kernel, iproute2 and WireGuard accept as names, keys and numbers.

/** dev_valid_name (net/core/dev.c) accepts more; this is the subset that ip, wg, birdc and sysctl accept unquoted. */
export const isInterfaceName = (name: string): boolean =>
  /^[A-Za-z0-9_.-]{1,15}$/.test(name) && name !== '.' && name !== '..';

/** The protocol number that marks routes, rules and addresses as ours (rtnetlink.h rtm_protocol; free in iproute2's list). */
export const WGOSPF_PROTOCOL = 87;
/** RTPROT_BIRD of linux/rtnetlink.h. */
export const BIRD_PROTOCOL = 12;
/** RTPROT_KERNEL */
export const KERNEL_PROTOCOL = 2;
/** RT_TABLE_DEFAULT, RT_TABLE_MAIN and RT_TABLE_LOCAL of linux/rtnetlink.h. */
export const DEFAULT_TABLE = 253;
export const MAIN_TABLE = 254;
export const LOCAL_TABLE = 255;
/** The control socket of the BIRD that Debian's package starts. */
export const BIRD_SOCKET = '/run/bird/bird.ctl';
/** The alias (IFLA_IFALIAS) that marks a link as ours; may be followed by a space and notes. */
export const LINK_MARK = 'wgospf';
/** Whether a link is ours. */
export const isMarked = ({ alias }: { readonly alias: string }): boolean =>
  alias === LINK_MARK || alias.startsWith(`${LINK_MARK} `);
/** The group (IFLA_GROUP) that our WireGuard links are made in: unlike the alias it is set when udev sees the link. */
export const LINK_GROUP = 87;

/** The mark that nftables sets on packets from the mesh and that rules match, value and mask: the highest byte, 87. */
export const MESH_MARK = '0x57000000/0xff000000';

/** 32 bytes in base64, with the one padding form that `wg` prints (wireguard-tools src/encoding.c). */
export const isWireguardKey = (text: string): boolean => /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw480]=$/.test(text);
