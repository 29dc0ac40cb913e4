// A new device gets its whole configuration at once (`wg setconf` from standard input, or the same by netlink). A live one changes
// field by field: replacing its peers, even by the same ones, cost the far end 15 s of traffic in a measurement.
import type { Change, Desired, Impact, Operation } from '../../engine/types.ts';
import type { WgSetup } from '../../host/types.ts';
import { canonicalAddress } from '../../net/ip.ts';
import { keyKept, linkRef } from '../tags.ts';
import {
  aliasFor,
  allowedText,
  OTHER_KEY,
  PEER_FIELDS,
  wireguardKey,
  type WireguardField,
  type WireguardSpec,
} from './spec.ts';

export type WireguardPayload =
  | { readonly do: 'release-port'; readonly dev: string }
  | { readonly do: 'setconf'; readonly spec: WireguardSpec; readonly by: WgSetup }
  | {
      readonly do: 'set';
      readonly spec: WireguardSpec;
      readonly fields: ReadonlySet<WireguardField>;
      /** peers that the file does not have */
      readonly strangers: readonly string[];
    }
  | { readonly do: 'keep'; readonly dev: string; readonly file: string }
  | { readonly do: 'note-endpoint'; readonly dev: string; readonly alias: string };

type WireguardOperation = Operation<WireguardPayload>;
type WireguardChange = Change<WireguardSpec, WireguardField>;

/** The words of `wg set` for the named fields. */
export function setWords(
  spec: WireguardSpec,
  fields: ReadonlySet<WireguardField>,
  strangers: readonly string[],
): string {
  const peer = spec.peers[0] ?? '';
  const own = [
    ...(fields.has('listenPort') ? [`listen-port ${spec.listenPort}`] : []),
    ...(fields.has('privateKey') ? [`private-key ${spec.privateKeyFile}`] : []),
    ...strangers.map((key) => `peer ${key} remove`),
  ];
  const ofPeer = [
    ...(fields.has('presharedKey') ? [`preshared-key ${spec.presharedKeyFile || '/dev/null'}`] : []),
    ...(fields.has('endpoint') && spec.endpoint !== '' ? [`endpoint ${spec.endpoint}`] : []),
    ...(fields.has('persistentKeepalive') ? [`persistent-keepalive ${spec.persistentKeepalive || 'off'}`] : []),
    ...(fields.has('allowedIPs') ? [`allowed-ips ${allowedText(spec.allowedIPs)}`] : []),
  ];
  return [...own, ...(ofPeer.length > 0 ? [`peer ${peer}`, ...ofPeer] : [])].join(' ');
}

/** Leaves out what the spec lacks: preshared key, endpoint, keepalive. */
function wholeFields({ presharedKeyFile, endpoint, persistentKeepalive }: WireguardSpec): Set<WireguardField> {
  return new Set<WireguardField>([
    'listenPort',
    'privateKey',
    'allowedIPs',
    ...(presharedKeyFile === '' ? [] : (['presharedKey'] as const)),
    ...(endpoint === '' ? [] : (['endpoint'] as const)),
    ...(persistentKeepalive === 0 ? [] : (['persistentKeepalive'] as const)),
  ]);
}

const hasNamedEndpoint = ({ endpoint }: WireguardSpec): boolean =>
  endpoint !== '' && !endpoint.startsWith('[') && canonicalAddress(endpoint.replace(/:\d+$/, '')) === undefined;

function shared({ spec, source }: Desired<WireguardSpec>) {
  const requires = [linkRef(spec.dev), `key-file:${spec.privateKeyFile}`] as const;
  return { kind: 'wireguard', key: wireguardKey(spec), stage: 'wireguard-set', requires, source } as const;
}

function noteEndpoint(desired: Desired<WireguardSpec>): WireguardOperation {
  const { dev, endpoint } = desired.spec;
  const alias = aliasFor(endpoint);
  return {
    ...shared(desired),
    action: 'update',
    // Noted only after it is set: if the pass is killed in between, the next one sets it again.
    requires: [linkRef(dev), `wireguard:${dev}`],
    command: `ip link set dev ${dev} alias '${alias}'`,
    impact: 'none',
    payload: { do: 'note-endpoint', dev, alias },
  };
}

/** Beside the key file, so that the same users can read both. */
const keptFile = ({ dev, privateKeyFile }: WireguardSpec): string =>
  `${privateKeyFile.replace(/[^/]*$/, '')}${dev}.conf.before-wgospf`;

/** A device that wgospf takes over may have keys that exist nowhere else, and they are worth more than the new tunnel. */
function keep(desired: Desired<WireguardSpec>): WireguardOperation {
  const { dev } = desired.spec;
  const file = keptFile(desired.spec);
  return {
    ...shared(desired),
    stage: 'file-write',
    action: 'update',
    requires: [linkRef(dev)],
    provides: [keyKept(dev)],
    command: `wg showconf ${dev} > ${file}  # mode 0600; the keys and peers that it has`,
    impact: 'none',
    payload: { do: 'keep', dev, file },
  };
}

/** Whether setting `fields` removes a key that somebody else gave to the device. */
function dropsKeys({ observed, fields }: WireguardChange & { type: 'update' }): boolean {
  if (observed.owned) return false;
  const { privateKeyFile, presharedKeyFile } = observed.spec;
  const dropped: WireguardField[] = [
    ...(privateKeyFile === OTHER_KEY ? (['privateKey'] as const) : []),
    ...(presharedKeyFile === OTHER_KEY ? (['presharedKey'] as const) : []),
    'peer',
  ];
  return dropped.some((field) => fields.includes(field));
}

function set(
  desired: Desired<WireguardSpec>,
  fields: ReadonlySet<WireguardField>,
  strangers: readonly string[],
  impact: Impact,
) {
  const { spec } = desired;
  return {
    ...shared(desired),
    action: 'update',
    command: `wg set ${spec.dev} ${setWords(spec, fields, strangers)}`,
    impact,
    payload: { do: 'set', spec, fields, strangers },
  } as const satisfies WireguardOperation;
}

/** Each device starts a program, which costs as much as forty requests to the kernel. */
const BY_THE_TOOL_AT_MOST = 16;

function setupOf({ setup }: WireguardSpec, all: readonly Change<WireguardSpec>[]): WgSetup {
  if (setup !== 'auto') return setup;
  return all.filter(({ type }) => type === 'create').length > BY_THE_TOOL_AT_MOST ? 'netlink' : 'wg';
}

function create(desired: Desired<WireguardSpec>, by: WgSetup): WireguardOperation[] {
  const { spec } = desired;
  // A name may not resolve yet: the device comes up without it, and a separate operation sets the endpoint.
  const named = hasNamedEndpoint(spec);
  const whole: WireguardSpec = named ? { ...spec, endpoint: '' } : spec;
  return [
    {
      ...shared(desired),
      action: 'create',
      command: `wg setconf ${spec.dev} /dev/stdin  # ${setWords(whole, wholeFields(whole), [])}`,
      impact: 'none',
      payload: { do: 'setconf', spec: whole, by },
    },
    ...(named
      ? [{ ...set(desired, new Set(['endpoint']), [], 'none'), requires: [`wireguard:${spec.dev}`] as const }]
      : []),
    ...(spec.endpoint === '' ? [] : [noteEndpoint(desired)]),
  ];
}

/** Keys and ports cost a handshake; everything else costs nothing (drivers/net/wireguard/netlink.c). */
const impactOf = (fields: ReadonlySet<WireguardField>): Impact =>
  (['privateKey', 'peer', 'listenPort'] as const).some((field) => fields.has(field)) ? 're-handshake' : 'none';

function update(change: WireguardChange & { type: 'update' }): WireguardOperation[] {
  const { desired, observed, fields: names } = change;
  const { spec } = desired;
  const fields = new Set(names.filter((name) => name !== 'setEndpoint'));
  const strangers = fields.has('peer') ? observed.spec.peers.filter((key) => !spec.peers.includes(key)) : [];
  // A peer that is new to the device needs all its fields, whatever the old one had.
  const isNew = !observed.spec.peers.some((key) => spec.peers.includes(key));
  const whole = wholeFields(spec);
  if (isNew) for (const field of PEER_FIELDS) if (whole.has(field)) fields.add(field);
  const operations: WireguardOperation[] = dropsKeys(change) ? [keep(desired)] : [];
  if (setWords(spec, fields, strangers) !== '') operations.push(set(desired, fields, strangers, impactOf(fields)));
  if (names.includes('setEndpoint')) operations.push(noteEndpoint(desired));
  return operations;
}

/** Whether another device of this plan takes the port that this one holds. */
function portIsTaken({ dev, listenPort }: WireguardSpec, all: readonly Change<WireguardSpec>[]): boolean {
  return all.some(
    (other) =>
      other.type !== 'delete' && other.desired.spec.dev !== dev && other.desired.spec.listenPort === listenPort,
  );
}

function releasePort({ dev }: Pick<WireguardSpec, 'dev'>): WireguardOperation {
  return {
    kind: 'wireguard',
    key: dev,
    stage: 'port-release',
    action: 'update',
    requires: [linkRef(dev)],
    command: `wg set ${dev} listen-port 0  # its port goes to another tunnel`,
    impact: 're-handshake',
    payload: { do: 'release-port', dev },
  };
}

export function planWireguard(change: WireguardChange, all: readonly Change<WireguardSpec>[]): WireguardOperation[] {
  switch (change.type) {
    case 'create':
      return create(change.desired, setupOf(change.desired.spec, all));
    case 'update': {
      const moves = change.fields.includes('listenPort') && portIsTaken(change.observed.spec, all);
      return [...(moves ? [releasePort(change.desired.spec)] : []), ...update(change)];
    }
    case 'delete':
      // The device goes with its link; only its port may be needed earlier.
      return portIsTaken(change.observed.spec, all) ? [releasePort(change.observed.spec)] : [];
  }
}
