// Which tunnels a list of operations leaves alone.
import type { Operation } from '../../engine/types.ts';
import type { Tunnel } from '../../model/types.ts';

const escape = (text: string): string => text.replaceAll('.', '\\.');

/** Whether `name` stands in the text as a whole interface name (`wg2` does not stand in `wg22`). */
const names = (text: string, name: string): boolean =>
  new RegExp(`(^|[^A-Za-z0-9_.-])${escape(name)}($|[^A-Za-z0-9_.-])`).test(text);

/** Tunnels that no operation names, neither in its key nor in its command. */
export function untouchedTunnels(tunnels: readonly Tunnel[], operations: readonly Operation[]): Tunnel[] {
  return tunnels.filter(({ name }) => !operations.some((o) => names(o.key, name) || names(o.command, name)));
}
