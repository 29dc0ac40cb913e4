// Checks the operator's snippets for bird.conf: BIRD's own user must be able to read them (BIRD opens them after it has dropped
// root), and one of them must have the filter that the state file names.
import { isHostError } from '../host/error.ts';
import { readSnippets, type Snippet } from '../host/snippets.ts';
import type { Files, FileStat } from '../host/types.ts';
import type { BirdModel } from '../model/types.ts';
import type { Fault, Problem } from './problem.ts';

type Reading = Pick<Files, 'read' | 'stat' | 'list'>;

const PATH = ['bird', 'include'] as const;

type User = Pick<FileStat, 'uid' | 'gid'>;

/** Whether a user with this id and group has these permissions (rwx bits); root always has. */
function may(stat: FileStat, user: User, bits: number): boolean {
  if (user.uid === 0) return true;
  const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0;
  return ((stat.mode >> shift) & bits) === bits;
}

/** `/etc`, `/etc/wgospf`, ... down to the folder itself. */
const foldersDownTo = (folder: string): string[] =>
  folder
    .split('/')
    .slice(1)
    .map((_part, i, parts) => `/${parts.slice(0, i + 1).join('/')}`);

async function statOf(files: Pick<Files, 'stat'>, path: string): Promise<FileStat | undefined> {
  try {
    return await files.stat(path);
  } catch (error) {
    if (isHostError(error)) return undefined;
    throw error;
  }
}

const closed = (path: string, what: string, letters: string): Fault => ({
  code: 'snippet-unreadable',
  message: `BIRD opens snippets as its own user, which may not ${what} ${path}`,
  hint: `run: chmod o+${letters} ${path}`,
});

/** BIRD's user is the owner of its control socket; while BIRD is down, the user of its package: else BIRD would not start. */
async function accessFault(
  files: Reading,
  bird: BirdModel,
  folder: string,
  snippets: readonly Snippet[],
  serviceUser: User | undefined,
): Promise<Fault | undefined> {
  const user: User | undefined = (await statOf(files, bird.controlSocket)) ?? serviceUser;
  if (user === undefined) return undefined;
  for (const path of foldersDownTo(folder)) {
    const stat = await statOf(files, path);
    if (stat === undefined) continue;
    if (!may(stat, user, 0o1)) return closed(path, 'enter', 'x');
    if (path === folder && /[*?]/.test(bird.include ?? '') && !may(stat, user, 0o5)) return closed(path, 'list', 'rx');
  }
  for (const { file } of snippets) {
    const stat = await statOf(files, file);
    if (stat !== undefined && !may(stat, user, 0o4)) return closed(file, 'read', 'r');
  }
  return undefined;
}

const missing = (pattern: string, folder: string): Fault => {
  const isPattern = /[*?]/.test(pattern);
  const what = isPattern ? folder : pattern;
  return {
    code: 'snippet-missing',
    message: `there is no ${isPattern ? 'folder' : 'file'} ${what}, and BIRD refuses a file that includes it`,
    hint: isPattern ? `run: mkdir -p -m 755 ${what}` : `run: touch ${what}`,
  };
};

const commentless = (text: string): string => text.replace(/#.*|\/\*[\s\S]*?\*\//g, '');

function filterProblems({ instances }: BirdModel, snippets: readonly Snippet[]): Problem[] {
  return instances.flatMap(({ name, export: said }, i): Problem[] => {
    if (said.kind !== 'filter') return [];
    const definition = new RegExp(String.raw`\bfilter\s+${said.name}\b`);
    if (snippets.some(({ text }) => definition.test(commentless(text)))) return [];
    const path = [...(i === 0 ? ['bird', 'ospf'] : ['bird', 'instances', name]), 'export', 'filter'];
    const message = `no file of bird.include has a filter ${said.name}`;
    return [{ code: 'filter-unknown', path, message, hint: `filter ${said.name} { ... } in one of them` }];
  });
}

/**
 * For a model without other errors.
 * @param serviceUser the user that a stopped BIRD will run as
 */
export async function snippetProblems(bird: BirdModel, files: Reading, serviceUser?: User): Promise<Problem[]> {
  const { include } = bird;
  if (include === undefined) return [];
  const folder = include.slice(0, include.lastIndexOf('/'));
  const snippets = await readSnippets(files, include);
  const there = snippets.length > 0 || (/[*?]/.test(include) && (await statOf(files, folder)) !== undefined);
  const fault = there ? await accessFault(files, bird, folder, snippets, serviceUser) : missing(include, folder);
  return [...(fault === undefined ? [] : [{ ...fault, path: PATH }]), ...filterProblems(bird, snippets)];
}
