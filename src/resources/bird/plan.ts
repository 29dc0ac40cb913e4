// A change of bird.conf -> write it, then have BIRD take it. Pure.
import type { Change, Impact, Operation } from '../../engine/types.ts';
import { abandonedPlace, gradeChange, kernelPlace, placeInMain, type KernelPlace } from './impact.ts';
import { readHeader } from './header.ts';
import { OSPF_PROTOCOL } from './render-ospf.ts';
import { changedSections, readSections } from './sections.ts';
import { DEFAULT_SOCKET, keptPath, type BirdPayload, type BirdSpec } from './spec.ts';

type BirdOperation = Operation<BirdPayload>;
type Payload<D extends BirdPayload['do']> = Extract<BirdPayload, { do: D }>;

/** Done when the new file is in place: nothing is configured from an old one. */
const written = (path: string): string => `bird-conf:${path}`;
/** Done when BIRD has taken it. */
const configured = (path: string): string => `bird-configured:${path}`;

export const birdc = (socket: string, command: string): string =>
  socket === DEFAULT_SOCKET ? `birdc ${command}` : `birdc -s ${socket} ${command}`;

export function planBird(change: Change<BirdSpec>): BirdOperation[] {
  switch (change.type) {
    case 'create':
      return [writeOperation(change, ''), configureOperation(change, 'none')];
    case 'update':
      return updateOperations(change);
    case 'delete':
      return [giveBackOperation(change.observed.spec)];
  }
}

function updateOperations(change: Change<BirdSpec> & { type: 'update' }): BirdOperation[] {
  const { desired, observed } = change;
  const [before, after] = [readSections(observed.spec.text), readSections(desired.spec.text)];
  const edited = observed.spec.text !== desired.spec.text;
  const rewrite = edited || observed.spec.mode !== desired.spec.mode;
  // A BIRD that is down reads the file when it starts; one that hangs takes it in the first pass that it answers.
  const configure = observed.spec.daemon === 'up' && (edited || observed.spec.running !== desired.spec.running);
  const what = observed.owned ? changedSections(before, after).join(', ') : '';
  return [
    ...(rewrite ? [writeOperation(change, what)] : []),
    ...(configure ? [configureOperation(change, impactOf(change, edited))] : []),
    ...clearOperations(change),
  ];
}

/**
 * Another's file has protocols of other names: its OSPF ends, and ours starts from nothing, which was measured to cost 7 s
 * of forwarded traffic. A file that did not change says nothing of what runs: all may restart. The packaged one routes nothing.
 */
function impactOf({ desired, observed }: Change<BirdSpec> & { type: 'update' }, edited: boolean): Impact {
  if (!observed.owned) return observed.yields === true ? 'none' : 'traffic-gap';
  if (!edited) return 'adjacency-reset';
  return gradeChange(readSections(observed.spec.text), readSections(desired.spec.text));
}

type Put = Exclude<Change<BirdSpec>, { type: 'delete' }>;

const foundIn = (change: Put): { spec: BirdSpec; owned: boolean } | undefined =>
  change.type === 'update' ? change.observed : undefined;

function writeOperation(change: Put, what: string): BirdOperation {
  const { spec, source } = change.desired;
  const keep = foundIn(change)?.owned === false;
  const install = `install -m 640 -o root -g bird /dev/stdin ${spec.path}`;
  const comment = `# generation ${readHeader(spec.text)?.generation ?? ''}${what === '' ? '' : `: ${what}`}`;
  const payload: Payload<'write'> = { do: 'write', path: spec.path, socket: spec.socket, text: spec.text, keep };
  return {
    kind: 'bird',
    key: spec.path,
    stage: 'bird-configure',
    action: change.type,
    needs: [],
    provides: [written(spec.path)],
    command: `${keep ? `mv ${spec.path} ${keptPath(spec.path)} && ` : ''}${install}  ${comment}`,
    impact: 'none',
    payload,
    source,
  };
}

function configureOperation(change: Put, impact: Impact): BirdOperation {
  const { spec, source } = change.desired;
  const found = foundIn(change);
  const payload: Payload<'configure'> = {
    do: 'configure',
    path: spec.path,
    socket: spec.socket,
    generation: spec.running,
    previous: found?.spec.text === spec.text ? undefined : { text: found?.spec.text },
    optional: found === undefined,
  };
  return {
    kind: 'bird',
    key: spec.path,
    stage: 'bird-configure',
    action: 'update',
    needs: [],
    awaits: [written(spec.path)],
    provides: [configured(spec.path)],
    command: `${birdc(spec.socket, 'configure check')} && ${birdc(spec.socket, 'configure')}`,
    impact,
    payload,
    source,
  };
}

/** `ip route flush` of BIRD's routes at a place. */
const flush = ({ table, metric }: KernelPlace): string =>
  `ip -4 route flush table ${table ?? 'main'} proto bird metric ${metric}`;

/**
 * BIRD leaves its routes behind when its kernel protocol moves on to another table or metric. Only after a file of ours:
 * what another's BIRD leaves behind is not ours to clear away.
 */
function clearOperations({ desired, observed }: Change<BirdSpec> & { type: 'update' }): BirdOperation[] {
  const { path, text } = desired.spec;
  const after = readSections(text);
  const from = observed.owned ? abandonedPlace(readSections(observed.spec.text), after) : undefined;
  if (from === undefined) return [];
  const to = observed.spec.daemon === 'up' ? kernelPlace(after) : undefined;
  return [
    {
      kind: 'bird',
      key: path,
      stage: 'route-remove',
      action: 'update',
      needs: [],
      awaits: [written(path), configured(path)],
      command: flush(from),
      impact: 'none',
      payload: { do: 'clear-routes', from, to },
      source: desired.source,
    },
  ];
}

function giveBackOperation({ path, socket, text, kept, daemon }: BirdSpec): BirdOperation {
  const place = placeInMain(readSections(text));
  const down = daemon === 'down';
  const taken = down ? '' : ` && ${birdc(socket, `disable ${OSPF_PROTOCOL}`)} && ${birdc(socket, 'configure')}`;
  const command = kept
    ? `mv ${keptPath(path)} ${path}${taken}`
    : `${down ? '' : `echo 'protocol device {}' > ${path}${taken} && `}rm ${path}`;
  return {
    kind: 'bird',
    key: path,
    stage: 'bird-configure',
    action: 'delete',
    needs: [],
    command: down && place !== undefined ? `${command} && ${flush(place)}` : command,
    impact: 'traffic-gap',
    payload: { do: 'give-back', path, socket, place, down },
  };
}
