// The foreign rules and hand-made routes, as a text: while the text stays the same, the same packets can cross because of them.
import type { HostReader } from '../host/reader.ts';
import { WGOSPF_PROTOCOL } from '../net/names.ts';

/** RTPROT_BOOT and RTPROT_STATIC of linux/rtnetlink.h: routes that people and their scripts add. */
const BY_HAND: readonly number[] = [3, 4];

/** Foreign rules and hand-made routes, without the routes that a routing protocol or DHCP changes. */
export async function othersPolicy({ rtnl }: Pick<HostReader, 'rtnl'>): Promise<string> {
  const [rules, ...routes] = await Promise.all([rtnl.rules(), ...BY_HAND.map((protocol) => rtnl.routes({ protocol }))]);
  return JSON.stringify([rules.filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL), routes.flat()]);
}
