// The seed's mesh, applied, where every router knows a default by way of node 111: it may become the mesh's exit. Its operator
// masquerades what leaves it, by a table of nftables of his own.
import { expectMeshRoute } from './expect-mesh.ts';
import type { Router } from './router.ts';
import { makeSeedMesh, type SeedMesh } from './seed-mesh.ts';

export interface GatewayMesh extends SeedMesh {
  readonly gateway: Router;
  /** applies node 111's state file with these words under `mesh:` */
  readonly apply: (...words: string[]) => Promise<void>;
  /** every table of nftables but ours, on the gateway */
  readonly foreignTables: () => Promise<string>;
}

const MASQUERADE = `
nft -f - <<'END'
table ip gateway {
  counter left { }
  chain out {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "eth0" masquerade
  }
}
table inet filter {
  set admins { type ipv4_addr; elements = { 198.51.100.254 } }
  chain input { type filter hook input priority 10; policy accept; }
}
END`;

/** Wants root. */
export async function makeGatewayMesh(): Promise<GatewayMesh> {
  const mesh = await makeSeedMesh();
  const { side1, side2, third } = mesh;
  const gateway = side1.router;
  await gateway.sh(MASQUERADE);
  await side1.router.writeState(side1.state('wg222'));
  await side2.router.writeState(side2.state('wg111', 'wg333'));
  await third.router.writeState(third.state('wg222'));
  for (const { router } of [side1, side2, third]) await router.wgospf(['apply', '--adopt']);
  await expectMeshRoute(gateway, '10.69.3.0/24');
  await expectMeshRoute(third.router, '10.69.1.0/24');
  // as an operator's own static routes would have it
  await side2.router.sh('ip route add default via 10.70.89.0 dev wg111 table 2');
  await third.router.sh('ip route add default via 10.70.89.2 dev wg222 table 2');
  // the way back to the mesh, for an internet that is told of it
  await mesh.lab.underlay.sh(`ip route add 10.69.0.0/16 via ${gateway.underlay}`);
  return {
    ...mesh,
    gateway,
    apply: async (...words) => {
      const state = side1.state('wg222').replace('\nmesh:\n', `\nmesh:\n${words.map((w) => `  ${w}\n`).join('')}`);
      await gateway.writeState(state);
      await gateway.wgospf(['apply', '--adopt']);
    },
    foreignTables: () =>
      gateway.sh(
        'nft list tables | { grep -v "^table inet wgospf$" || true; } | while read -r _ family name; do nft list table $family $name; done',
      ),
  };
}
