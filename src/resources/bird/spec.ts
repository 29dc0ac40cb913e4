// The configuration of BIRD: its file, and what the running BIRD has taken of it. One object, keyed by the file's path.
import { BIRD_FOLDER, secretsFileOf } from '../../model/defaults.ts';
import type { BirdSecret } from '../../model/types.ts';
import { placeNote, type KernelPlace } from '../bird-places.ts';
import { readHeader } from './header.ts';
import { readSections } from './sections.ts';

/** root:bird 0640, so that `configure` can read it: BIRD opens the file as its own user. */
export const CONF_MODE = 0o640;

export const DEFAULT_CONF = '/etc/bird/bird.conf';
export const DEFAULT_SOCKET = '/run/bird/bird.ctl';

/** `down`: nobody listens on the socket; `silent`: somebody does, and gives no answer. */
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
  /** the generation that the running BIRD has; '' for a configuration that is not ours; while BIRD is down, the file's own */
  readonly running: string;
  readonly daemon: Daemon;
  /** the network namespace that its BIRD is in, '' outside; not compared */
  readonly netns: string;
  /**
   * whether the file from before us is kept; `back`: a copy of the one that is in place, which was taken over and given back
   * as the mesh moved into a namespace: it may be taken over again
   */
  readonly kept: boolean | 'back';
  /** it is given back as the mesh moves elsewhere, and not for good; not compared */
  readonly moves?: true;
  /** whether a note says that it is ours, which `down` goes by when it has no state file */
  readonly noted: boolean;
  /** copies of an older version lie in BIRD's own folder */
  readonly stray: boolean;
  /** the passwords that it includes, by constant; of an observed one none: their texts are compared by the host */
  readonly secrets: readonly BirdSecret[];
  /** where they are, or may be */
  readonly secretsFile: string;
  /** `right`: file and running BIRD have them as they shall be; `none`: no such file */
  readonly secretsAre: 'right' | 'wrong' | 'none';
  /** a change of it was cut off before BIRD had taken it for good: it may be undone yet */
  readonly open: boolean;
  /** where a BIRD of ours has put routes and this file's does not; a desired one has none */
  readonly left: readonly KernelPlace[];
}

/** Copies of ours are in a tree of root's, by the path of what they are copies of: BIRD's user can write to BIRD's folder. */
export const copyOf = (path: string): string => (path.startsWith(`${BIRD_FOLDER}/`) ? path : `${BIRD_FOLDER}${path}`);

/** Where the file from before us is kept. */
export const keptPath = (path: string): string => `${copyOf(path)}.before-wgospf`;

/** The file as BIRD shall read it, before it is in place. */
export const candidatePath = (path: string): string => `${copyOf(path)}.new`;

/** For what BIRD reads there: its folders can be passed from the state folder on. */
export const PASSABLE: string = BIRD_FOLDER.slice(0, BIRD_FOLDER.lastIndexOf('/'));

/** Seconds after which BIRD undoes by itself what it was given and nobody confirmed. */
export const UNDO_AFTER = 30;

/** Where the passwords are that a bird.conf of ours includes. */
export const secretsPath: (path: string) => string = secretsFileOf;

/** Where the file that BIRD runs is kept while it is given another. */
export const lastGoodPath = (path: string): string => `${copyOf(path)}.last-good`;

/** Where notes are that outlast a reboot. */
export { LASTING_NOTES } from '../../host/lasting-notes.ts';

/** The note that tells `down` which file is ours; its value is the control socket, behind the namespace of its BIRD. */
export const NOTE_PREFIX = 'bird:';
export const birdNote = (path: string): string => `${NOTE_PREFIX}${path}`;

/** The note of the mode and owner that the file from before us had: `640 102:105`. */
export const keptNote = (path: string): string => `before:${path}`;

const INSIDE = /^netns (\S+) (.*)$/;
export const birdNoteText = (socket: string, netns: string): string =>
  netns === '' ? socket : `netns ${netns} ${socket}`;
export function readBirdNote(text: string): { readonly socket: string; readonly netns: string } {
  const [, netns = '', socket = text] = INSIDE.exec(text) ?? [];
  return { socket, netns };
}

/** The file of passwords; undefined where none is there nor wanted. One without any goes once BIRD does not include it. */
export type Secrets =
  | {
      readonly file: string;
      readonly passwords: readonly BirdSecret[];
      /** a write writes it anew */
      readonly rewrite: boolean;
    }
  | undefined;

/** A step on the file, or on the BIRD of a namespace and what it put into the kernel there. */
export type BirdPayload =
  | {
      readonly do: 'write';
      readonly path: string;
      readonly socket: string;
      readonly text: string;
      readonly netns: string;
      /** the file that is there is another's: it is kept beside ours */
      readonly keep: boolean;
      /** BIRD runs, and will be given the file: the one that it has is kept until it has taken this one */
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
      /** BIRD runs the file that is wanted, and may still undo it */
      readonly do: 'confirm';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      readonly generation: string;
      readonly secrets: Secrets;
    }
  | {
      /** nothing is to be undone (BIRD is down, and will start on the file that is in place): copies go, and the note is set right */
      readonly do: 'forget';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      readonly secrets: Secrets;
    }
  | {
      readonly do: 'clear-routes';
      readonly netns: string;
      /** where routes of the file before stay behind */
      readonly from: KernelPlace;
      /** where they are now; undefined: a BIRD that is down puts them nowhere */
      readonly to: KernelPlace | undefined;
      /** the table is no longer used; where it has our guard, that takes the note along as it goes */
      readonly givenUp: boolean;
    }
  | {
      readonly do: 'give-back';
      readonly path: string;
      readonly socket: string;
      readonly netns: string;
      /** where our routes are, if nobody else takes them out of there */
      readonly places: readonly KernelPlace[];
      readonly secretsFile: string;
      /** BIRD is down: nobody takes the file, and nobody takes the routes out */
      readonly down: boolean;
      /** a copy stays: the mesh may come back, and what was taken over once needs no second `--adopt` */
      readonly copy: boolean;
    }
  | {
      /** the copy of a file that was given back long ago: nothing is ours any more */
      readonly do: 'drop-copy';
      readonly path: string;
    };

export const birdKey = (spec: BirdSpec): string => spec.path;

const octal = (mode: number): string => mode.toString(8).padStart(3, '0');

/** The generation in the file; an edited file and another's have none. */
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
