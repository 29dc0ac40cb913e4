// Plans a change of bird.conf: write it, then make BIRD take it. Pure.
import type { Change, Impact, Operation, Tag } from '../../engine/types.ts';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import { protocolsOf } from './clauses.ts';
import { keepCommand, keepsEdit } from './edited.ts';
import { birdWritten as written } from '../tags.ts';
import { gradeChange } from './impact.ts';
import { readHeader } from './header.ts';
import { samePlace, type KernelPlace } from '../bird-places.ts';
import { abandonedPlaces, movesFrom, placesInMain, usesTable } from './kernel-place.ts';
import { changedSections, readSections } from './sections.ts';
import {
  keptPath,
  LASTING_NOTES,
  lastGoodPath,
  UNDO_AFTER,
  type BirdPayload,
  type BirdSpec,
  type Secrets,
} from './spec.ts';

type Step = Operation<BirdPayload>;

/** Done when BIRD has taken the file. */
const configured = (path: string): Tag => `done bird-configured:${path}`;

const birdc = (socket: string, ...commands: readonly string[]): string =>
  commands
    .map((command) => `birdc ${socket === DEFAULT_BIRD.controlSocket ? '' : `-s ${socket} `}${command}`)
    .join(' && ');

export function planBird(change: Change<BirdSpec>): Step[] {
  switch (change.type) {
    case 'create':
      return [writeOperation(change, '', true), configureOperation(change, 'none')];
    case 'update':
      return updateOperations(change);
    case 'delete':
      return [endOperation(change.observed.spec)];
  }
}

function updateOperations(change: Change<BirdSpec> & { type: 'update' }): Step[] {
  const { desired, observed } = change;
  const [before, after] = [readSections(observed.spec.text), readSections(desired.spec.text)];
  const edited = observed.spec.text !== desired.spec.text;
  const secrets = secretsOf(change);
  const passwords = secrets?.rewrite === true;
  const rewrite = edited || passwords || observed.spec.mode !== desired.spec.mode;
  // A BIRD that is down reads the file when it starts; one that hangs takes it in the first pass in which it answers.
  const differs = edited || passwords || observed.spec.running !== desired.spec.running;
  const configure = observed.spec.daemon === 'up' && differs;
  const changed = [...(passwords ? ['passwords'] : []), ...changedSections(before, after)];
  const what = observed.owned ? listed(changed) : '';
  const taken = configure || (differs && observed.spec.daemon === 'silent');
  const { open, noted, stray } = observed.spec;
  const left = open || !noted || stray || (secrets !== undefined && secrets.passwords.length === 0);
  return [
    ...(rewrite ? [writeOperation(change, what, taken)] : []),
    ...(configure ? [configureOperation(change, impactOf(change, edited))] : []),
    ...(left && !configure && !rewrite ? [closeOperation(change)] : []),
    ...clearOperations(change),
  ];
}

/** The most names in a command: a change of cost may concern a hundred tunnels. */
const NAMED = 4;
const listed = (names: readonly string[]): string =>
  names.length <= NAMED + 1 ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;

/**
 * A foreign file has protocols of other names: its OSPF ends and ours starts from nothing, which cost 7 s of forwarded traffic in
 * a measurement. A packaged file routes nothing. If the file did not change, what BIRD runs is unknown, and all may restart.
 */
function impactOf({ desired, observed }: Change<BirdSpec> & { type: 'update' }, edited: boolean): Impact {
  if (!observed.owned) return observed.yields === true ? 'none' : 'traffic-gap';
  if (!edited) return desired.spec.running === observed.spec.running ? 'none' : 'adjacency-reset';
  return gradeChange(readSections(observed.spec.text), readSections(desired.spec.text));
}

type Put = Exclude<Change<BirdSpec>, { type: 'delete' }>;

const foundIn = (change: Put): { spec: BirdSpec; owned: boolean } | undefined =>
  change.type === 'update' ? change.observed : undefined;

function secretsOf(change: Put): Secrets {
  const { secrets: passwords, secretsFile: file, secretsAre } = change.desired.spec;
  const found = foundIn(change)?.spec.secretsAre ?? 'none';
  if (secretsAre === 'none' && found === 'none') return undefined;
  return { file, passwords, rewrite: secretsAre === 'right' && found !== 'right' };
}

function writeOperation(change: Put, what: string, taken: boolean): Step {
  const { spec, source } = change.desired;
  const found = foundIn(change);
  const keep = found?.owned === false;
  const keeps = keepsEdit(spec.path, found?.spec.text ?? '');
  const secrets = secretsOf(change);
  const install = [...(secrets?.rewrite === true ? [spec.secretsFile] : []), spec.path]
    .map((path) => `install -m 640 -o root -g bird /dev/stdin ${path}`)
    .join(' && ');
  const comment = `# generation ${readHeader(spec.text)?.generation ?? ''}${what === '' ? '' : `: ${what}`}`;
  const { path, socket, text, netns } = spec;
  return {
    kind: 'bird',
    key: spec.path,
    stage: 'bird-configure',
    action: change.type,
    provides: [written(spec.path)],
    command: `${keepCommand(spec.path, keep ? keptPath(spec.path) : keeps)}${install}  ${comment}`,
    ...(keeps === undefined ? {} : { keeps }),
    impact: 'none',
    payload: { do: 'write', path, socket, text, netns, keep, taken, secrets },
    source,
  };
}

function configureOperation(change: Put, impact: Impact): Step {
  const { spec, source } = change.desired;
  const { path, socket, netns, text, running: generation } = spec;
  const optional = foundIn(change) === undefined;
  return {
    kind: 'bird',
    key: spec.path,
    stage: 'bird-configure',
    action: 'update',
    requires: [written(spec.path)],
    provides: [configured(spec.path)],
    command: birdc(spec.socket, 'configure check', `configure timeout ${UNDO_AFTER}`, 'show ospf neighbors', CONFIRM),
    impact,
    payload: { do: 'configure', path, socket, netns, generation, text, secrets: secretsOf(change), optional },
    source,
  };
}

const CONFIRM = 'configure confirm';

/**
 * An earlier change was cut off: BIRD has the file and would undo it, or nothing can be undone and the remains may go.
 * Or the note is missing by which `down` finds the file.
 */
function closeOperation(change: Change<BirdSpec> & { type: 'update' }): Step {
  const { desired, observed } = change;
  const { path, socket, running: generation, netns } = desired.spec;
  const confirm = observed.spec.open && observed.spec.daemon === 'up';
  const secrets = secretsOf(change);
  const shared = { path, socket, netns, secrets };
  return {
    kind: 'bird',
    key: path,
    stage: 'bird-configure',
    action: 'update',
    requires: [written(path)],
    command: confirm ? birdc(socket, CONFIRM) : tidyCommand(observed.spec, secrets),
    impact: 'none',
    payload: confirm ? { do: 'confirm', generation, ...shared } : { do: 'forget', ...shared },
    source: desired.source,
  };
}

function tidyCommand({ path, open, stray }: BirdSpec, secrets: Secrets): string {
  const gone = [...(open ? [lastGoodPath(path)] : []), ...(secrets === undefined ? [] : [secrets.file])];
  const moved = stray ? [`mv ${path}.before-wgospf ${keptPath(path)}`] : [];
  const commands = [...(gone.length === 0 ? [] : [`rm ${gone.join(' ')}`]), ...moved];
  return commands.length === 0 ? `true  # noted in ${LASTING_NOTES}: ${path} is ours` : commands.join(' && ');
}

/** `ip route flush` of BIRD's routes at a place. */
const flush = ({ family, table, metric }: KernelPlace): string =>
  `ip -${family} route flush table ${table ?? 'main'} proto bird metric ${metric}`;

/**
 * BIRD leaves its routes behind when its kernel protocol changes table or metric, or is removed. Clears only routes of a BIRD of
 * ours, by the file in place or a note: wgospf must not delete what a foreign BIRD leaves behind.
 */
function clearOperations({ desired, observed }: Change<BirdSpec> & { type: 'update' }): Step[] {
  const { path, text, netns } = desired.spec;
  const after = readSections(text);
  const known = movesFrom(observed.spec.left, after);
  const told = observed.owned ? abandonedPlaces(readSections(observed.spec.text), after) : [];
  const moves = [...known, ...told.filter(({ from }) => !known.some((other) => samePlace(from, other.from)))];
  return moves.map(({ from, to }) => ({
    kind: 'bird',
    key: path,
    stage: 'route-remove',
    action: 'update',
    requires: [written(path), configured(path)],
    netns,
    command: flush(from),
    impact: 'none',
    payload: {
      do: 'clear-routes',
      netns,
      from,
      to: observed.spec.daemon === 'up' ? to : undefined,
      givenUp: from.table !== undefined && !usesTable(after, from.table),
    },
    source: desired.source,
  }));
}

function endOperation(spec: BirdSpec): Step {
  if (spec.kept !== 'back') return giveBackOperation(spec);
  const { path } = spec;
  return {
    ...{ kind: 'bird', key: path, stage: 'file-remove', action: 'delete', impact: 'none' },
    command: `rm ${keptPath(path)}  # ${path} is as it was before us`,
    payload: { do: 'drop-copy', path },
  };
}

function giveBackOperation({ path, socket, text, kept, daemon, secretsFile, netns, moves }: BirdSpec): Step {
  const sections = readSections(text);
  const keeps = keepsEdit(path, text);
  // the routes inside go with their links; our BIRD inside was stopped before
  const places = netns === '' ? placesInMain(sections) : [];
  const down = daemon === 'down' || netns !== '';
  const disable = protocolsOf(sections, 'ospf').map((name) => `disable ${name}`);
  const taken = down ? '' : ` && ${birdc(socket, ...disable, 'configure')}`;
  const copy = kept === true && moves === true;
  const command = kept
    ? `install -m 640 -o root -g bird ${keptPath(path)} ${path}${taken}${copy ? '' : ` && rm ${keptPath(path)}`}`
    : `${down ? '' : `echo 'protocol device {}' > ${path}${taken} && `}rm ${path}`;
  return {
    kind: 'bird',
    key: path,
    stage: 'bird-configure',
    action: 'delete',
    command: `${keepCommand(path, keeps)}${[command, ...(down ? places.map(flush) : [])].join(' && ')}`,
    ...(keeps === undefined ? {} : { keeps }),
    impact: 'traffic-gap',
    payload: { do: 'give-back', path, socket, netns, places, secretsFile, down, copy },
  };
}
