// What others say of where packets go, as a text: while it is the same, so is what it lets through.
import type { HostReader } from '../host/reader.ts';
import { WGOSPF_PROTOCOL } from '../net/names.ts';

/** RTPROT_BOOT and RTPROT_STATIC of linux/rtnetlink.h: what people and their scripts add. */
const BY_HAND: readonly number[] = [3, 4];

/** Rules and hand-made routes that are not ours, without those that a routing protocol or DHCP moves. */
export async function othersPolicy({ rtnl }: Pick<HostReader, 'rtnl'>): Promise<string> {
  const [rules, ...routes] = await Promise.all([rtnl.rules(), ...BY_HAND.map((protocol) => rtnl.routes({ protocol }))]);
  return JSON.stringify([rules.filter(({ protocol }) => protocol !== WGOSPF_PROTOCOL), routes.flat()]);
}
