// The interface clause of one link in an OSPF protocol. Pure.
import { familyOf } from '../../net/ip.ts';
import { isLinkLocal } from '../../net/link-local.ts';
import type { BirdDialect, OspfAuthentication, OspfInterface, OspfKey } from '../../model/types.ts';
import { block } from './lines.ts';

/** The properties of an OSPF protocol that its clauses need. */
export interface Speaker {
  readonly dialect: BirdDialect;
  /** the version of OSPF itself; v3 uses link-local addresses (RFC 5340), also if it carries IPv4 */
  readonly ospf: 'v2' | 'v3';
}

/** The lines between the braces. */
export const clauseBody = (ospf: OspfInterface, speaker: Speaker): string[] =>
  ospf.stub ? stub(ospf) : adjacent(ospf, speaker);

/** BIRD advertises the network but sends no packets: type, timers and neighbours have no meaning. */
const stub = (ospf: OspfInterface): string[] => [`cost ${ospf.cost};`, 'stub;'];

const said = (word: string, value: number | undefined): string[] => (value === undefined ? [] : [`${word} ${value};`]);

function adjacent(ospf: OspfInterface, speaker: Speaker): string[] {
  return [
    `cost ${ospf.cost};`,
    `type ${ospf.type};`,
    ...said('hello', ospf.hello),
    ...said('dead', ospf.dead),
    ...said('retransmit', ospf.retransmit),
    ...said('priority', ospf.priority),
    ...said('tx length', ospf.txLength),
    ...ttlSecurity(ospf.ttlSecurity),
    ...(ospf.bfd === undefined ? [] : ['bfd;']),
    ...authentication(ospf.authentication, speaker),
    ...neighbors(ospf, speaker),
  ];
}

function ttlSecurity(security: OspfInterface['ttlSecurity']): string[] {
  if (security === false) return [];
  return [security === true ? 'ttl security;' : 'ttl security tx only;'];
}

/** Passwords are constants of the secrets file: BIRD accepts a constant wherever it accepts a text. */
function authentication(how: OspfAuthentication | undefined, { dialect }: Speaker): string[] {
  if (how === undefined) return [];
  if (how.type === 'simple') return ['authentication simple;', `password ${how.constant};`];
  return ['authentication cryptographic;', ...how.keys.map((key) => password(key, dialect))];
}

function password(key: OspfKey, dialect: BirdDialect): string {
  const algorithm = key.algorithm === 'md5' ? 'keyed md5' : key.algorithm.replace('-', ' ');
  const times = [
    ['generate from', key.generateFrom],
    ['generate to', key.generateTo],
    ['accept from', key.acceptFrom],
    ['accept to', key.acceptTo],
  ] as const;
  const options = [
    `id ${key.id};`,
    `algorithm ${algorithm};`,
    ...times.flatMap(([word, time]) => (time === undefined ? [] : [`${word} "${birdTime(time, dialect)}";`])),
  ];
  return `password ${key.constant} { ${options.join(' ')} };`;
}

/** 1.6 expects the day first, and silently reads another order as another day (sysdep/unix/io.c). */
function birdTime(time: string, dialect: BirdDialect): string {
  return dialect === '1.6' ? time.replace(/^(\d+)-(\d+)-(\d+)/, '$3-$2-$1') : time;
}

/** On an NBMA network hellos go only to neighbours that may become designated router: `eligible`. */
function neighbors(ospf: OspfInterface, speaker: Speaker): string[] {
  const fits = (address: string): boolean => (speaker.ospf === 'v3' ? isLinkLocal(address) : familyOf(address) === 4);
  const addresses = ospf.neighbors.filter(fits);
  if (addresses.length === 0) return [];
  const suffix = ospf.type === 'nbma' ? ' eligible' : '';
  return block(
    'neighbors',
    addresses.map((address) => `${address}${suffix};`),
  );
}
