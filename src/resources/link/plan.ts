import { netnsReady } from '../../engine/namespaces.ts';
import type { Change, Operation, Tag } from '../../engine/types.ts';
import { commandIn } from '../../host/place.ts';
import { LINK_GROUP, LINK_MARK } from '../../net/names.ts';
import { enslaved, interfaceGuard, keyKept, linkGone, linkRef, MESH_GUARD } from '../tags.ts';
import type { LinkField, LinkSpec } from './spec.ts';

export type LinkPayload =
  | { readonly do: 'create'; readonly spec: LinkSpec }
  | {
      readonly do: 'set';
      readonly name: string;
      readonly change: { readonly up?: boolean; readonly mtu?: number; readonly alias?: string };
      /** what a borrowed link had, which is noted before the first change */
      readonly before: LinkSpec | undefined;
      /** restores the original MTU of a borrowed link */
      readonly restores: boolean;
    }
  | {
      readonly do: 'move';
      readonly name: string;
      readonly from: string;
      readonly to: string;
      /** what a borrowed link had: it is noted, and given back when the link comes out */
      readonly before: LinkSpec | undefined;
    }
  | {
      readonly do: 'delete';
      readonly name: string;
      readonly backend: LinkSpec['backend'];
    }
  | { readonly do: 'give-back'; readonly spec: LinkSpec };

type LinkOperation = Operation<LinkPayload>;

function createCommand({ name, kind, backend, mtu, table }: LinkSpec): string {
  const settings = mtu === undefined ? '' : ` mtu ${mtu}`;
  const group = kind === 'wireguard' ? ` group ${LINK_GROUP}` : '';
  return backend === 'userspace'
    ? `wireguard-go ${name} && ip link set dev ${name}${settings} alias ${LINK_MARK}`
    : `ip link add dev ${name}${settings}${group} type ${kind}${table === undefined ? '' : ` table ${table}`} && ip link set dev ${name} alias ${LINK_MARK}`;
}

/** A link comes up only after the guards that refuse its stray packets. */
const beforeUp = (name: string): readonly Tag[] => [MESH_GUARD, interfaceGuard(name), enslaved(name)];

function createLink({ spec, source }: { spec: LinkSpec; source: LinkOperation['source'] & object }): LinkOperation[] {
  const shared = { kind: 'link', key: spec.name, source, impact: 'none' } as const;
  return [
    {
      ...shared,
      stage: 'link-create',
      action: 'create',
      command: createCommand(spec),
      payload: { do: 'create', spec },
    },
    ...(spec.netns === '' ? [] : [{ ...moveLink({ ...spec, up: false, netns: '' }, spec.netns, undefined), source }]),
    { ...bringUp(spec, undefined), source },
  ];
}

/** A VRF comes up before it gets slaves: packets from the router to itself pass through it. */
function bringUp({ name, netns, kind }: LinkSpec, before: LinkSpec | undefined): LinkOperation {
  return {
    kind: 'link',
    key: name,
    netns,
    stage: kind === 'vrf' ? 'link-set' : 'link-up',
    action: 'update',
    requires: [linkRef(name), ...beforeUp(name)],
    command: `ip link set dev ${name} up`,
    impact: 'none',
    payload: { do: 'set', name, change: { up: true }, before, restores: false },
  };
}

/** Closing a path happens as early as adding a guard. */
const takeDown = (spec: LinkSpec, before: LinkSpec | undefined): LinkOperation => ({
  ...bringUp(spec, before),
  ...{ stage: 'link-set', requires: [linkRef(spec.name)], impact: 'traffic-gap' },
  command: `ip link set dev ${spec.name} down`,
  payload: { do: 'set', name: spec.name, change: { up: false }, before, restores: false },
});

/** The link is down and loses what it had there, but keeps its own configuration, such as that of a WireGuard device. */
function moveLink(found: LinkSpec, to: string, before: LinkSpec | undefined): LinkOperation {
  const { name, netns: from } = found;
  return {
    kind: 'link',
    key: name,
    stage: 'link-move',
    action: 'update',
    // a borrowed link that comes out is up at once, if it was up before
    requires: [linkRef(name), ...(to === '' ? beforeUp(name) : [netnsReady(to)])],
    empties: true,
    provides: [linkGone(name)],
    command: moveCommand(found, to),
    impact: found.up && from !== to ? 'traffic-gap' : 'none',
    payload: { do: 'move', name, from, to, before },
  };
}

/** `netns 1` is the namespace of the first process (ip-link(8)). */
function moveCommand({ name, netns: from }: LinkSpec, to: string): string {
  if (from === to) return `ip address add ... dev ${name}  # what it had before it was moved`;
  return commandIn(from, `ip link set dev ${name} netns ${to === '' ? '1' : to}`);
}

function deleteLink(
  { name, backend, netns, ended = false }: LinkSpec,
  stage: 'link-create' | 'link-remove',
): LinkOperation {
  return {
    kind: 'link',
    key: name,
    netns,
    stage,
    action: 'delete',
    requires: [keyKept(name)],
    provides: [linkGone(name)],
    command: ended ? `# forget wireguard-go ${name}, which has ended` : `ip link delete dev ${name}`,
    impact: ended ? 'none' : 'traffic-gap',
    payload: { do: 'delete', name, backend },
  };
}

function giveBack(spec: LinkSpec): LinkOperation {
  const up = spec.up ? 'up' : 'down';
  const out = spec.netns === '' ? '' : `${moveCommand(spec, '')} && `;
  return {
    kind: 'link',
    key: spec.name,
    stage: 'link-remove',
    action: 'update',
    provides: [linkGone(spec.name)],
    ...(spec.netns === '' ? {} : { empties: true as const }),
    command: `${out}ip link set dev ${spec.name} mtu ${String(spec.mtu)} ${up}  # as it was before${spec.stays === undefined ? '' : `, but ${spec.stays}`}`,
    impact: spec.up && spec.netns === '' ? 'none' : 'traffic-gap',
    payload: { do: 'give-back', spec },
  };
}

function updateLink({ desired, observed, fields }: Change<LinkSpec, LinkField> & { type: 'update' }): LinkOperation[] {
  const { spec, source } = desired;
  // The wrong kind (a dummy instead of a tunnel, a tun whose wireguard-go died) cannot be changed in place.
  if (fields.includes('kind')) return [deleteLink(observed.spec, 'link-create'), ...createLink({ spec, source })];
  const before = desired.borrowed === true ? observed.spec : undefined;
  const shared = { kind: 'link', key: spec.name, source, action: 'update', requires: [linkRef(spec.name)] } as const;
  const operations: LinkOperation[] = [];
  const moves = fields.includes('netns');
  if (moves) operations.push({ ...moveLink(observed.spec, spec.netns, before), source });
  if (fields.includes('mtu') || fields.includes('mark')) {
    const mtu = fields.includes('mtu') ? (spec.mtu ?? observed.spec.foundMtu) : undefined;
    const alias = fields.includes('mark') ? LINK_MARK : undefined;
    operations.push({
      ...shared,
      netns: spec.netns,
      stage: 'link-set',
      // the mark makes it ours: its keys must be in files first
      requires: [linkRef(spec.name), keyKept(spec.name)],
      command: `ip link set dev ${spec.name}${mtu === undefined ? '' : ` mtu ${mtu}`}${alias === undefined ? '' : ` alias ${alias}`}`,
      // BIRD keeps a Full adjacency; only the next one needs the same MTU at both ends (proto/ospf/dbdes.c).
      impact: 'none',
      payload: {
        do: 'set',
        name: spec.name,
        change: { ...(mtu === undefined ? {} : { mtu }), ...(alias === undefined ? {} : { alias }) },
        before,
        restores: mtu !== undefined && spec.mtu === undefined,
      },
    });
  }
  if (!spec.up && fields.includes('up')) operations.push({ ...takeDown(spec, before), source });
  else if (fields.includes('up') || moves) operations.push({ ...bringUp(spec, before), source });
  return operations;
}

export function planLink(change: Change<LinkSpec, LinkField>): LinkOperation[] {
  switch (change.type) {
    case 'create':
      // wgospf waits for a borrowed link that is absent, and does not make it.
      return change.desired.spec.kind === 'existing' ? [] : createLink(change.desired);
    case 'update':
      return updateLink(change);
    case 'delete': {
      const { spec } = change.observed;
      return [spec.kind === 'existing' ? giveBack(spec) : deleteLink(spec, 'link-remove')];
    }
  }
}
