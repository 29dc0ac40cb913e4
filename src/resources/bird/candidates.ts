// The files that may be bird.conf of ours, each with the BIRD that runs it. Reads only notes.
import type { HostReader } from '../../host/reader.ts';
import { DEFAULT_BIRD } from '../../model/defaults.ts';
import { placeOf } from '../../model/sides.ts';
import type { BirdSecret, RouterModel } from '../../model/types.ts';
import { NOTE_PREFIX, readBirdNote } from './spec.ts';

export interface Candidate {
  readonly path: string;
  readonly socket: string;
  /** the passwords that it includes, from the state file */
  readonly secrets: readonly BirdSecret[];
  /** we wrote it, or took it over, and have not given it back yet */
  readonly noted: boolean;
  /** the namespace of its BIRD; '' outside */
  readonly netns: string;
  /** the mesh moves away from it */
  readonly moves?: true;
  /** everything of ours is to go */
  readonly ends?: true;
  /** its note exists and names this socket and namespace */
  readonly rightly: boolean;
}

/**
 * Files that may be ours: the one of the state file; or, if everything of ours is to go, the usual one and the noted ones. If the
 * mesh moves into or out of a namespace, it gets another BIRD with another file: the noted files of the old BIRD are given back.
 */
export async function candidates(host: HostReader, model: RouterModel | undefined): Promise<Candidate[]> {
  if (model !== undefined) {
    const { configFile: path, controlSocket: socket, secrets } = model.bird;
    const netns = placeOf(model);
    const noted = await notedFiles(host);
    const left = noted.filter((file) => file.path !== path && file.netns !== netns);
    const others = netns === '' || path === DEFAULT_BIRD.configFile || left.some(isUsual) ? left : [usual, ...left];
    const rightly = noted.some((file) => file.path === path && file.socket === socket && file.netns === netns);
    return [
      { path, socket, secrets, noted: false, netns, rightly },
      ...others.map((one): Candidate => ({ ...one, moves: true })),
    ];
  }
  const noted = await notedFiles(host);
  return (noted.some(isUsual) ? noted : [usual, ...noted]).map((one): Candidate => ({ ...one, ends: true }));
}

const usual: Candidate = {
  ...{ path: DEFAULT_BIRD.configFile, socket: DEFAULT_BIRD.controlSocket, secrets: [], noted: false, netns: '' },
  rightly: true,
};
const isUsual = ({ path }: Candidate): boolean => path === DEFAULT_BIRD.configFile;

async function notedFiles(host: HostReader): Promise<Candidate[]> {
  const notes = [...(await host.notes.all())].filter(([key]) => key.startsWith(NOTE_PREFIX));
  return notes.map(([key, text]) => ({
    ...readBirdNote(text),
    path: key.slice(NOTE_PREFIX.length),
    secrets: [],
    noted: true,
    rightly: true,
  }));
}
