// The protocols of bird.conf that connect the interfaces, BIRD's own table and the kernel: direct, kernel, static. Pure.
import { formatPrefix, hostPrefix, type Family } from '../../net/ip.ts';
import { isHostName } from '../../net/endpoint.ts';
import { placeOf } from '../../model/sides.ts';
import type { BirdDialect, RouterModel } from '../../model/types.ts';
import { vrfOf } from '../../model/sides.ts';
import { meshLinks, type MeshLink } from '../tags.ts';
import { block, channel, protocol } from './lines.ts';
import { sharedBy } from './alike.ts';
import { exportedPrefixes } from './exported.ts';

/**
 * OSPF does not need `direct`, but without it OSPF's own copies of the connected networks (`10.70.89.0/31 dev wg222`)
 * would go to the kernel. Direct routes (preference 240) outrank them, and the export filter rejects direct routes: the mesh
 * table gets its connected routes from wgospf. Without any `interface`, the protocol would use every interface.
 */
export function directSection({ model, dialect, family }: Part): string[] {
  const patterns = [...new Set(model.bird.instances.flatMap(({ tunnelPattern }) => tunnelPattern ?? []))].sort();
  const covered = (link: MeshLink): boolean => patterns.some((pattern) => sharedBy(pattern, link));
  const names = meshLinks(model).flatMap((link) => (covered(link) ? [] : [link.name]));
  if (names.length + patterns.length === 0) return [];
  return [
    '# Networks of the mesh interfaces; here they outrank what OSPF says of the same networks.',
    ...protocol(`direct direct${family}`, [
      ...vrfLine(model),
      ...channel(dialect, family, []),
      ...[...names, ...patterns].map((name) => `interface "${name}";`),
    ]),
  ];
}

/** A protocol with a VRF uses only the VRF's interfaces, and its sockets are bound to the VRF's device. */
export const vrfLine = (model: RouterModel): string[] => (vrfOf(model) === '' ? [] : [`vrf "${vrfOf(model)}";`]);

/** The input of one protocol's lines: the model, the dialect and the family. */
export interface Part {
  readonly model: RouterModel;
  readonly dialect: BirdDialect;
  readonly family: Family;
}

/** BIRD 2 exports device routes and 1.6 does not, so the filter names them. */
export function kernelSection(part: Part): string[] {
  const { mesh, bird } = part.model;
  return [
    ...kernelComment(part.model),
    ...protocol(`kernel kernel${part.family}`, [
      ...vrfLine(part.model),
      ...(usesMain(part.model) ? [] : [`kernel table ${mesh.table.id};`]),
      `scan time ${bird.scanTime};`,
      ...(bird.persist ? ['persist;'] : []),
      `metric ${bird.kernelMetric};`,
      ...channel(part.dialect, part.family, [
        'import none;',
        ...block('export filter', [
          'if source ~ [ RTS_STATIC, RTS_DEVICE ] then reject;',
          ...endpointGuard(part),
          'accept;',
        ]),
      ]),
    ]),
  ];
}

/** In its own namespace, the mesh needs no table of its own. */
const usesMain = (model: RouterModel): boolean => model.mesh.main || placeOf(model) !== '';

const kernelComment = (model: RouterModel): string[] =>
  placeOf(model) === ''
    ? tableComment(model)
    : ["# bird.kernel; what OSPF learns goes to the main table of the mesh's namespace."];

const tableComment = (model: RouterModel): string[] =>
  model.mesh.main
    ? ['# bird.kernel; mesh.table is main. What OSPF learns goes there.']
    : [
        `# bird.kernel; mesh.table is ${model.mesh.table.name}. What OSPF learns goes there, connected routes ${vrfOf(model) === '' ? 'wgospf puts' : 'the kernel puts'} there.`,
        "# The tunnels' own encrypted packets never look into it: a rule sends them past.",
      ];

/**
 * In main, a route learned by OSPF could lead a tunnel's own packets into a tunnel. A local mesh interface may be the way to an
 * endpoint, if the mesh is the router's uplink.
 */
function endpointGuard({ model, family }: Part): string[] {
  if (!model.mesh.main) return [];
  const hosts = model.tunnels.flatMap(({ peer }) => {
    const host = peer.endpoint?.host;
    if (host === undefined || isHostName(host)) return [];
    const prefix = hostPrefix(host);
    return prefix.family === family ? [`${formatPrefix(prefix)}-`] : [];
  });
  if (hosts.length === 0) return [];
  const local = model.interfaces.map(({ name }) => ` && ifname != "${name}"`).join('');
  return [
    "# a tunnel's own packets must not go through a tunnel: no way to an endpoint by one",
    `if net ~ [ ${[...new Set(hosts)].sort().join(', ')} ]${local} then reject;`,
  ];
}

/**
 * What this router originates must be a route in BIRD's own table before OSPF can export it. These routes never reach the kernel
 * (its protocol rejects RTS_STATIC), so `unreachable` refuses no packet.
 */
export function originateSection({ model, dialect, family }: Part): string[] {
  const prefixes = exportedPrefixes(model.bird.instances, family);
  if (prefixes.length === 0) return [];
  const words = model.bird.instances.flatMap(({ export: said, source }) =>
    said.kind === 'prefixes' ? [`${source.path}.export`] : [],
  );
  return [
    `# ${words.join(', ')}: what this router originates. Known to BIRD alone, the kernel gets none of these.`,
    ...protocol(`static originate${family}`, [
      ...channel(dialect, family, []),
      ...prefixes.map((p) => `route ${formatPrefix(p)} unreachable;`),
    ]),
  ];
}
