// The two lines that make a bird.conf ours: the mark with the generation, and the generation as a constant that the
// control socket evaluates (`eval wgospf_generation` answers 0023, also in restricted sessions).
import { generationOf } from './generation.ts';

/** The constant's name in the file and on the control socket. */
export const GENERATION_CONSTANT = 'wgospf_generation';

/** BIRD refuses a file without a protocol. This one does nothing, and its first line says that the file may be deleted. */
export const NOTHING = '# Managed by wgospf : nothing is left to do\nprotocol device {\n}\n';

const MARK = /^# Managed by wgospf from .*\. generation ([0-9a-f]{16})\ndefine wgospf_generation = "([0-9a-f]{16})";\n/;

export interface Header {
  /** the generation in the file's mark */
  readonly generation: string;
  /** false if somebody changed the file after we wrote it */
  readonly intact: boolean;
}

/** Puts the header before a body. The header names `stateFile`, so that a reader knows where to make changes. */
export function withHeader(body: string, stateFile: string): string {
  const generation = generationOf(body);
  return [
    `# Managed by wgospf from ${stateFile}; changes made here are overwritten. generation ${generation}\n`,
    `define ${GENERATION_CONSTANT} = "${generation}";\n`,
    body,
  ].join('');
}

/** The content of the text's header; undefined if the first line of the file does not have our mark. */
export function readHeader(text: string): Header | undefined {
  if (!text.startsWith('# Managed by wgospf ')) return undefined;
  const m = MARK.exec(text);
  const generation = m?.[1];
  if (generation === undefined) return { generation: '', intact: false };
  return { generation, intact: m?.[2] === generation && generationOf(text.slice(m[0].length)) === generation };
}
