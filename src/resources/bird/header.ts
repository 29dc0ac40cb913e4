// The two lines that make a bird.conf ours: the mark with the generation, and the same as a constant that the
// control socket evaluates (`eval wgospf_generation` answers 0023, in restricted sessions too).
import { generationOf } from './generation.ts';

/** The constant's name in the file and on the control socket. */
export const GENERATION_CONSTANT = 'wgospf_generation';

/** BIRD takes no file without a protocol. This one does nothing, and its first line says that it may go. */
export const NOTHING = '# Managed by wgospf : nothing is left to do\nprotocol device {\n}\n';

const MARK = /^# Managed by wgospf from .*\. generation ([0-9a-f]{16})\ndefine wgospf_generation = "([0-9a-f]{16})";\n/;

export interface Header {
  /** the generation that the file says it is */
  readonly generation: string;
  /** false where somebody changed the file since we wrote it */
  readonly intact: boolean;
}

/** Puts the header before a body. `stateFile` is named so that a reader knows where to make changes. */
export function withHeader(body: string, stateFile: string): string {
  const generation = generationOf(body);
  return [
    `# Managed by wgospf from ${stateFile}; changes made here are overwritten. generation ${generation}\n`,
    `define ${GENERATION_CONSTANT} = "${generation}";\n`,
    body,
  ].join('');
}

/** What the text's header says; undefined where the file does not carry our mark in its first line. */
export function readHeader(text: string): Header | undefined {
  if (!text.startsWith('# Managed by wgospf ')) return undefined;
  const m = MARK.exec(text);
  const generation = m?.[1];
  if (generation === undefined) return { generation: '', intact: false };
  return { generation, intact: m?.[2] === generation && generationOf(text.slice(m[0].length)) === generation };
}
