// Reads bird.conf, and asks the running BIRD for its generation. Changes nothing.
import { completeOn } from '../../engine/complete.ts';
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import { isHostError, UNSAFE_FILE, type HostError } from '../../host/error.ts';
import { isAsPackaged } from '../../host/packaged-file.ts';
import type { HostReader } from '../../host/reader.ts';
import { ADOPT, APPLY } from '../../model/cure-words.ts';
import type { RouterModel } from '../../model/types.ts';
import { candidates, type Candidate } from './candidates.ts';
import { ask, GENERATION_QUESTION, valueIn, progress } from './configure.ts';
import { readHeader } from './header.ts';
import { notedPlaces, type KernelPlace } from '../bird-places.ts';
import { desiredBird } from './desired.ts';
import { movesFrom } from './kernel-place.ts';
import { refusedFile } from './refused.ts';
import { readSections } from './sections.ts';
import { straysOf } from './strays.ts';
import { candidatePath, keptPath, lastGoodPath, secretsPath, type BirdSpec, type Daemon } from './spec.ts';

/** The constant with a random number, new at each writing of the passwords. */
const SECRETS_CONSTANT = 'wgospf_secrets';

interface Running {
  readonly daemon: Daemon;
  /** '' if BIRD's configuration lacks our constant (9001), or if BIRD does not answer */
  readonly generation: string;
  /** BIRD will undo its configuration unless somebody confirms it */
  readonly unconfirmed: boolean;
  /** the random number of the passwords that BIRD has, '' for none */
  readonly nonce: string;
  readonly error?: HostError;
}

async function askRunning(host: HostReader, { socket, secrets }: Candidate): Promise<Running> {
  try {
    const [generation, { unconfirmed = false }, nonce] = await Promise.all([
      host.bird.ask(socket, GENERATION_QUESTION).then(valueIn),
      progress(host, { socket }),
      secrets.length === 0 ? '' : ask(host, { socket }, `eval ${SECRETS_CONSTANT}`).then(valueIn),
    ]);
    return { daemon: 'up', generation, unconfirmed, nonce };
  } catch (error) {
    if (!isHostError(error)) throw error;
    const daemon = isHostError(error, 'ENOENT', 'ECONNREFUSED') ? 'down' : 'silent';
    return { daemon, generation: '', unconfirmed: false, nonce: '', error };
  }
}

/** Files that a killed writer or an older version left. */
async function leftOvers(host: HostReader, path: string): Promise<string[]> {
  const candidate = candidatePath(path);
  const [there, strays] = await Promise.all([host.files.stat(candidate), straysOf(host, path)]);
  return [...strays, ...(there === undefined ? [] : [candidate])];
}

interface Found {
  readonly object: Observed<BirdSpec> | undefined;
  readonly conditions: readonly Condition[];
}

/** Only for the wanted file: giving a file back clears all its places anyway. */
async function placesLeft(
  host: HostReader,
  { path, netns }: Candidate,
  model: RouterModel | undefined,
): Promise<KernelPlace[]> {
  const places = model === undefined ? [] : await notedPlaces(host, netns);
  const wanted = model === undefined || places.length === 0 ? undefined : desiredBird(model)[0]?.spec;
  if (wanted?.path !== path) return [];
  return movesFrom(places, readSections(wanted.text)).map(({ from }) => from);
}

/** If somebody put something else in the place of our file, neither reads nor writes it, and reports a condition. */
async function observeFile(host: HostReader, candidate: Candidate, model: RouterModel | undefined): Promise<Found> {
  try {
    return await lookAtFile(host, candidate, model);
  } catch (error) {
    if (!isHostError(error, UNSAFE_FILE)) throw error;
    const { path } = candidate;
    const message = `${error.operation}: ${error.detail}`;
    const told: Condition = { code: 'bird-conf-unsafe', severity: 'error', subject: path, message };
    return { object: candidate.noted ? gone(candidate) : undefined, conditions: [told] };
  }
}

/** An object for a noted file that is unsafe: `down` must not skip it, and giving it back reports why that is impossible. */
const gone = ({ path, socket, netns }: Candidate): Observed<BirdSpec> => ({
  owned: true,
  spec: {
    ...{ path, socket, netns, text: '', mode: 0, running: '', daemon: 'down', kept: false, noted: true, stray: false },
    ...{ secrets: [], secretsFile: secretsPath(path), secretsAre: 'none', open: false, left: [] },
  },
});

async function lookAtFile(host: HostReader, candidate: Candidate, model: RouterModel | undefined): Promise<Found> {
  const { path, socket, noted, netns, moves } = candidate;
  const [text, stat, kept, lastGood, strays, running, secrets] = await Promise.all([
    host.files.read(path),
    host.files.stat(path),
    host.files.read(keptPath(path)),
    host.files.stat(lastGoodPath(path)),
    leftOvers(host, path),
    askRunning(host, candidate),
    secretsFound(host, candidate),
  ]);
  const conditions = daemonConditions(running, candidate);
  if (text === undefined && !noted) return { object: undefined, conditions };
  const header = readHeader(text ?? '');
  const spec: BirdSpec = {
    ...{ path, socket, netns, text: text ?? '', mode: stat?.mode ?? 0 },
    running: running.daemon === 'up' ? running.generation : (header?.generation ?? ''),
    daemon: running.daemon,
    kept: isGivenBack({ noted, header, kept, text })
      ? 'back'
      : kept !== undefined || strays.some((file) => file.endsWith('.before-wgospf')),
    noted: candidate.rightly,
    stray: strays.length > 0,
    ...judgeSecrets(candidate, running, secrets),
    left: await placesLeft(host, candidate, model),
    open: running.daemon !== 'silent' && header !== undefined && (running.unconfirmed || lastGood !== undefined),
    ...(moves === true ? { moves } : {}),
  };
  const owned = noted || header !== undefined;
  if (header !== undefined) return { object: { spec, owned }, conditions };
  // for `down` the copy is the last thing of ours
  if (spec.kept === 'back')
    return { object: { spec, owned: owned || candidate.ends === true, yields: true }, conditions };
  if (!(await isAsPackaged(host.files, path, spec.text))) {
    return { object: { spec, owned }, conditions: [...conditions, foreignFile(path)] };
  }
  return { object: { spec, owned, yields: true }, conditions: [...conditions, packagedFile(path)] };
}

interface Copies {
  readonly noted: boolean;
  readonly header: ReturnType<typeof readHeader>;
  readonly kept: string | undefined;
  readonly text: string | undefined;
}

/** The file equals its copy. If it is noted, giving it back did not finish. */
const isGivenBack = ({ noted, header, kept, text }: Copies): boolean =>
  !noted && header === undefined && kept !== undefined && kept === text;

type SecretsFound = Awaited<ReturnType<HostReader['birdSecrets']['state']>>;

/** Without passwords there is rarely a file of them. */
const secretsFound = async (host: HostReader, { path, secrets }: Candidate): Promise<SecretsFound> =>
  secrets.length === 0 && (await host.files.stat(secretsPath(path))) === undefined
    ? undefined
    : host.birdSecrets.state(secretsPath(path), secrets);

/** The passwords are right if both the file and the running BIRD have them. */
function judgeSecrets(
  { path, secrets }: Candidate,
  { daemon, nonce }: Running,
  found: SecretsFound,
): Pick<BirdSpec, 'secrets' | 'secretsFile' | 'secretsAre'> {
  const shared = { secrets: [], secretsFile: secretsPath(path) };
  if (found === undefined) return { ...shared, secretsAre: 'none' };
  const taken = daemon !== 'up' || nonce === found.nonce;
  return { ...shared, secretsAre: found.right && taken && secrets.length > 0 ? 'right' : 'wrong' };
}

function daemonConditions({ daemon, error }: Running, { socket, netns }: Candidate): Condition[] {
  const shared = { severity: 'error', subject: 'bird' } as const;
  if (daemon === 'down') {
    const cure = netns === '' ? 'systemctl start bird' : `run ${APPLY}`;
    const message = `BIRD is not running, nothing listens on ${socket}: the router learns no routes; ${cure}`;
    return [{ ...shared, code: 'bird-down', message }];
  }
  if (daemon === 'silent') {
    const message = `BIRD does not answer on ${socket}, and gets no new configuration: ${error?.detail ?? ''}`;
    return [{ ...shared, code: 'bird-not-answering', message }];
  }
  return [];
}

const foreignFile = (path: string): Condition => ({
  code: 'bird-conf-foreign',
  severity: 'warning',
  subject: path,
  message: `${path} was not written by wgospf; to take it over: ${ADOPT}; it is kept as ${keptPath(path)}`,
});

const packagedFile = (path: string): Condition => ({
  code: 'bird-conf-packaged',
  severity: 'info',
  subject: path,
  message: `${path} is as BIRD's package installed it, and is taken over; it is kept as ${keptPath(path)}`,
});

export const observeBird: Observe<BirdSpec> = async (host, said) => {
  const [model, files] = await Promise.all([completeOn(host, said), candidates(host, said)]);
  const found = await Promise.all(files.map((file) => observeFile(host, file, model)));
  const refused = model && (await refusedFile(host, model, found[0]?.object?.spec));
  return {
    objects: found.flatMap(({ object }) => (object === undefined ? [] : [object])),
    // a file that the mesh leaves has no conditions
    conditions: model === undefined ? [] : [...(found[0]?.conditions ?? []), ...(refused ? [refused] : [])],
  };
};
