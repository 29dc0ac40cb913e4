// The seed's mesh, applied, in which every router has a default route through node 111, which may become the mesh's exit. Its
// operator masquerades packets that leave it, in a separate nftables table.
import { expectMeshRoute } from './expect-mesh.ts';
import type { Router } from './router.ts';
import { makeSeedMesh, type SeedMesh } from './seed-mesh.ts';

export interface GatewayMesh extends SeedMesh {
  readonly gateway: Router;
  /** applies node 111's state file with these words under `mesh:` */
  readonly apply: (...words: string[]) => Promise<void>;
  /** every nftables table except ours, on the gateway */
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

/** Needs root. */
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
  // like an operator's own static routes
  await side2.router.sh('ip route add default via 10.70.89.0 dev wg111 table 2');
  await third.router.sh('ip route add default via 10.70.89.2 dev wg222 table 2');
  // the route back to the mesh, for an internet that knows the mesh
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
