// RouterModel -> the text of bird.conf, for BIRD 2 and 3 alike. Pure; the same model gives the same bytes.
// Every protocol has a name: a renamed protocol restarts, and BIRD numbers the nameless ones by their order.
import { formatPrefix } from '../../net/ip.ts';
import type { RouterModel } from '../../model/types.ts';
import { meshLinks } from '../tags.ts';
import { withHeader } from './header.ts';
import { originated, ospfSection } from './render-ospf.ts';

export function renderBirdConf(model: RouterModel): string {
  const sections = [
    'log syslog all;',
    `# router\nrouter id ${model.routerId};`,
    deviceSection(model),
    directSection(model),
    kernelSection(model),
    staticSection(model),
    ospfSection(model),
  ];
  const body = sections.filter((s) => s !== '').map((s) => `\n${s}\n`);
  return withHeader(body.join(''), model.bird.source.file);
}

const deviceSection = (model: RouterModel): string =>
  ['protocol device device1 {', `\tscan time ${model.bird.scanTime};`, '}'].join('\n');

/**
 * OSPF does not need `direct`, but without it OSPF's own copies of the connected networks (`10.70.89.0/31 dev wg222`)
 * would go to the kernel. Direct routes (preference 240) outrank them, and the export filter keeps them out: the mesh
 * table gets its connected routes from wgospf. No `interface` at all would mean every interface.
 */
function directSection(model: RouterModel): string {
  const names = meshLinks(model).map((link) => link.name);
  if (names.length === 0) return '';
  return [
    '# Networks of the mesh interfaces; here they outrank what OSPF says of the same networks.',
    'protocol direct direct4 {',
    '\tipv4;',
    ...names.map((name) => `\tinterface "${name}";`),
    '}',
  ].join('\n');
}

/** BIRD 2 exports device routes, where 1.6 did not, so the filter names them. */
function kernelSection({ mesh, bird }: RouterModel): string {
  return [
    mesh.main
      ? '# bird.kernel; mesh.table is main. What OSPF learns goes there.'
      : `# bird.kernel; mesh.table is ${mesh.table.name}. What OSPF learns goes there, connected routes wgospf puts there.`,
    'protocol kernel kernel4 {',
    ...(mesh.main ? [] : [`\tkernel table ${mesh.table.id};`]),
    `\tscan time ${bird.scanTime};`,
    ...(bird.persist ? ['\tpersist;'] : []),
    `\tmetric ${bird.kernelMetric};`,
    '\tipv4 {',
    '\t\timport none;',
    '\t\texport filter {',
    '\t\t\tif source ~ [ RTS_STATIC, RTS_DEVICE ] then reject;',
    '\t\t\taccept;',
    '\t\t};',
    '\t};',
    '}',
  ].join('\n');
}

/**
 * What we originate must be a route in BIRD's own table before OSPF can export it. These never reach the kernel
 * (kernel4 rejects RTS_STATIC), so `unreachable` refuses no packet.
 */
function staticSection(model: RouterModel): string {
  const prefixes = originated(model);
  if (prefixes.length === 0) return '';
  return [
    '# bird.ospf.export: what this router originates. Known to BIRD alone, the kernel gets none of these.',
    'protocol static originate4 {',
    '\tipv4;',
    ...prefixes.map((p) => `\troute ${formatPrefix(p)} unreachable;`),
    '}',
  ].join('\n');
}
