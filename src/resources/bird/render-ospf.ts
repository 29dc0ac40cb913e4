// The OSPF section of bird.conf: one area, one clause for each interface by its full name. The first matching clause
// wins in BIRD, and a clause for a missing interface waits for it, so patterns are not needed.
import { familyOf, formatPrefix, type Prefix } from '../../net/ip.ts';
import type { OspfInterface, RouterModel } from '../../model/types.ts';
import { meshLinks, type MeshLink } from '../tags.ts';

/** Our OSPF instance; the control socket knows it by this name. */
export const OSPF_PROTOCOL = 'mesh4';

/** IPv4 prefixes that we originate; OSPFv2 carries no others. */
export const originated = (model: RouterModel): readonly Prefix[] =>
  model.bird.instances
    .flatMap((i) => (i.export.kind === 'prefixes' ? i.export.prefixes : []))
    .filter((p) => p.family === 4);

export function ospfSection(model: RouterModel): string {
  return [
    '# bird.ospf, and `ospf` of each interface and tunnel.',
    `protocol ospf v2 ${OSPF_PROTOCOL} {`,
    '\tipv4 {',
    '\t\timport all;',
    `\t\texport ${exported(model)};`,
    '\t};',
    `\tarea ${model.bird.instances[0]?.area ?? '0'} {`,
    ...meshLinks(model).flatMap(clause),
    '\t};',
    '}',
  ].join('\n');
}

/** A set of exact prefixes: nothing longer or shorter than what the state file names leaves this router. */
function exported(model: RouterModel): string {
  const prefixes = originated(model);
  return prefixes.length === 0 ? 'none' : `where net ~ [ ${prefixes.map(formatPrefix).join(', ')} ]`;
}

function clause({ name, ospf, source }: MeshLink): string[] {
  if (ospf === undefined) return [];
  return [
    `\t\t# ${source.path}`,
    `\t\tinterface "${name}" {`,
    ...(ospf.stub ? stub(ospf) : adjacent(ospf)).map((line) => `\t\t\t${line}`),
    '\t\t};',
  ];
}

/** Advertised, but no packets are sent: type, timers and neighbours say nothing. */
const stub = (ospf: OspfInterface): string[] => [`cost ${ospf.cost};`, 'stub;'];

function adjacent(ospf: OspfInterface): string[] {
  return [
    `cost ${ospf.cost};`,
    `type ${ospf.type};`,
    ...(ospf.hello === undefined ? [] : [`hello ${ospf.hello};`]),
    ...(ospf.dead === undefined ? [] : [`dead ${ospf.dead};`]),
    ...neighbors(ospf),
  ];
}

/** On an NBMA network hellos go only to neighbours that may become designated router: `eligible`. */
function neighbors(ospf: OspfInterface): string[] {
  const addresses = ospf.neighbors.filter((address) => familyOf(address) === 4);
  if (addresses.length === 0) return [];
  const suffix = ospf.type === 'nbma' ? ' eligible' : '';
  return ['neighbors {', ...addresses.map((address) => `\t${address}${suffix};`), '};'];
}
