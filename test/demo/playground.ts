// Suggestions to try while the demo's routers stay up.
import type { DemoRouter } from './routers.ts';
import { heading, say } from './terminal.ts';

export function playground(routers: readonly DemoRouter[]): void {
  heading('The routers stay up until Ctrl-C. In another terminal, enter one:');
  for (const { router, host } of routers) {
    say(`  ${router.name}   sudo nsenter -t ${router.pid} -n -m -p -u bash`);
    say(`  ${host.name}   sudo nsenter -t ${host.pid} -n -m -p -u bash`);
  }
  say(`
Things to try on node222:
  wgospf status                        tunnels, adjacencies, routes
  ip rule; ip route show table nycmesh what steers the mesh's packets
  vi /etc/wgospf/state.yaml            change a cost, then: wgospf plan; wgospf apply
  ip rule del pref 1099; wgospf plan   a guard that somebody deleted, and what puts it back
  ip route flush table nycmesh         and from host111: ping 10.69.3.50. Refused, never sent to the internet
  wgospf down                          takes away exactly what is ours`);
  setInterval(() => undefined, 1 << 30); // Ctrl-C ends it
}
