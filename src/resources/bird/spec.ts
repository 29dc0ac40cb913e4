// BIRD's configuration: its file, and which part of it the running BIRD has taken. One object, keyed by the file's path.
import { BIRD_FOLDER, secretsFileOf } from '../../model/defaults.ts';
import type { BirdSecret } from '../../model/types.ts';
import { placeNote, type KernelPlace } from '../bird-places.ts';
import { readHeader } from './header.ts';
import { readSections } from './sections.ts';

/** root:bird 0640, so that `configure` can read it: BIRD opens the file as its own user. */
export const CONF_MODE = 0o640;

/** `down`: nothing listens on the socket; `silent`: something listens and does not answer. */
export type Daemon = 'up' | 'down' | 'silent';

export interface BirdSpec {
  /** the file's path */
  readonly path: string;
  /** the control socket's path */
  readonly socket: string;
  /** the whole file */
  readonly text: string;
  /** permission bits */
  readonly mode: number;
  /** the generation of the running BIRD; '' for a configuration that is not ours; while BIRD is down, the file's generation */
  readonly running: string;
  readonly daemon: Daemon;
  /** the network namespace of its BIRD; '' outside; not compared */
  readonly netns: string;
  /**
   * whether there is a copy of the file from before us; `back`: the file in place equals its copy, because it was taken over and then
   * given back when the mesh moved into a namespace: wgospf may take it over again
   */
  readonly kept: boolean | 'back';
  /** it is given back because the mesh moves elsewhere, and not for good; not compared */
  readonly moves?: true;
  /** whether a note says that it is ours; a `down` without a state file uses the note */
  readonly noted: boolean;
  /** copies of an older version are in BIRD's own folder */
  readonly stray: boolean;
  /** the passwords that it includes, by constant; empty in an observed object, because the host compares their texts */
  readonly secrets: readonly BirdSecret[];
  /** the path of the file of passwords, whether it exists or not */
  readonly secretsFile: string;
  /** `right`: file and running BIRD have the desired passwords; `none`: no such file */
  readonly secretsAre: 'right' | 'wrong' | 'none';
  /** a change of it was cut off before it was confirmed: BIRD may still undo it */
  readonly open: boolean;
  /** places where a BIRD of ours has put routes, and this file does not; empty in a desired object */
  readonly left: readonly KernelPlace[];
}

/** The path of our copies, without ending: they are in a tree of root's, because BIRD's user can write to BIRD's folder. */
export const copyOf = (path: string): string => (path.startsWith(`${BIRD_FOLDER}/`) ? path : `${BIRD_FOLDER}${path}`);

/** The copy of the file from before us. */
export const keptPath = (path: string): string => `${copyOf(path)}.before-wgospf`;

/** The new file, which BIRD checks before it is in place. */
export const candidatePath = (path: string): string => `${copyOf(path)}.new`;

/** The top folder of what BIRD reads there: from it down, other users may pass the folders. */
export const PASSABLE: string = BIRD_FOLDER.slice(0, BIRD_FOLDER.lastIndexOf('/'));

/** Seconds until BIRD undoes a new configuration by itself if nobody confirms it. */
export const UNDO_AFTER = 30;

/** The file of passwords that a bird.conf of ours includes. */
export const secretsPath: (path: string) => string = secretsFileOf;

/** The copy of the file that BIRD runs, while BIRD is to take another one. */
export const lastGoodPath = (path: string): string => `${copyOf(path)}.last-good`;

/** The file of the notes that survive a reboot. */
export { LASTING_NOTES } from '../../host/lasting-notes.ts';

/** The note that tells `down` which file is ours; its value is the namespace of its BIRD, and then the control socket. */
export const NOTE_PREFIX = 'bird:';
export const birdNote = (path: string): string => `${NOTE_PREFIX}${path}`;

/** The note of the mode and owner of the file from before us: `640 102:105`. */
export const keptNote = (path: string): string => `before:${path}`;

const INSIDE = /^netns (\S+) (.*)$/;
export const birdNoteText = (socket: string, netns: string): string =>
  netns === '' ? socket : `netns ${netns} ${socket}`;
export function readBirdNote(text: string): { readonly socket: string; readonly netns: string } {
  const [, netns = '', socket = text] = INSIDE.exec(text) ?? [];
  return { socket, netns };
}

/** The file of passwords; undefined if there is none and none is wanted. An empty one goes when BIRD does not include it any more. */
export type Secrets =
  | {
      readonly file: string;
      readonly passwords: readonly BirdSecret[];
      /** the operation `write` also writes this file */
      readonly rewrite: boolean;
    }
  | undefined;

/** A step on the file, or on the BIRD of a namespace and its routes in the kernel there. */
export type BirdPayload =
  | {
      readonly do: 'write';
      readonly path: string;
      readonly socket: string;
      readonly text: string;
      readonly netns: string;
      /** the file in place is foreign: a copy of it is kept */
      readonly keep: boolean;
      /** BIRD runs and is to take the file: its present file is kept until it has taken this one */
      readonly taken: boolean;
      readonly secrets: Secrets;
    }
  | {
      readonly do: 'configure';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      readonly generation: string;
      /** the file */
      readonly text: string;
      readonly secrets: Secrets;
      /** BIRD may be down: it takes the file when it starts */
      readonly optional: boolean;
    }
  | {
      /** BIRD runs the wanted file, and may still undo it */
      readonly do: 'confirm';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      readonly generation: string;
      readonly secrets: Secrets;
    }
  | {
      /** nothing can be undone (BIRD is down, and will start with the file in place): deletes copies and corrects the note */
      readonly do: 'forget';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      readonly secrets: Secrets;
    }
  | {
      readonly do: 'clear-routes';
      readonly netns: string;
      /** the place where routes of the earlier file stay behind */
      readonly from: KernelPlace;
      /** their new place; undefined: BIRD is down and puts them nowhere */
      readonly to: KernelPlace | undefined;
      /** the table is no longer used; if it has our guard, the note goes with the guard */
      readonly givenUp: boolean;
    }
  | {
      readonly do: 'give-back';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      /** the places of our routes that nobody else clears */
      readonly places: readonly KernelPlace[];
      readonly secretsFile: string;
      /** BIRD is down: it neither takes the file nor withdraws its routes */
      readonly down: boolean;
      /** the copy stays: the mesh may come back, and what was taken over once needs no second `--adopt` */
      readonly copy: boolean;
    }
  | {
      /** deletes the copy of a file that was given back earlier: nothing is ours afterwards */
      readonly do: 'drop-copy';
      readonly path: string;
    };

export const birdKey = (spec: BirdSpec): string => spec.path;

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');

/** The generation in the file; an edited or a foreign file has none. */
function fileState(text: string): string {
  const header = readHeader(text);
  if (header === undefined) return 'not written by wgospf';
  return header.intact ? `generation ${header.generation}` : 'edited by hand';
}

export function birdFields(spec: BirdSpec): Record<string, string> {
  const fields: Record<string, string> = {
    file: fileState(spec.text),
    mode: octal(spec.mode),
    running: spec.running,
  };
  fields['secrets'] = spec.secretsAre;
  fields['note'] = spec.noted ? 'right' : 'missing';
  fields['copies'] = spec.stray ? 'in the folder of BIRD' : 'in place';
  fields['change'] = spec.open ? 'not confirmed' : 'confirmed';
  fields['routes left'] = spec.left.map((place) => placeNote('', place)).join(', ');
  for (const [name, statements] of readSections(spec.text)) {
    // one field for all clauses: a mesh may have a thousand of them
    if (/ interface /.test(name)) fields['interfaces'] = `${fields['interfaces'] ?? ''}${name} { ${statements} } `;
    else fields[name] = statements;
  }
  return fields;
}
