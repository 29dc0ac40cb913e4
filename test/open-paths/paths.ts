// The leak check's questions about a host at one moment, and which paths are open then that were not open before.
import { checkLeaks } from '../../src/leak-check/check-leaks.ts';
import { describePath } from '../../src/leak-check/describe-path.ts';
import type { Path } from '../../src/leak-check/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import type { FakeState } from '../fakes/fake-state.ts';
import { withBird } from './roads.ts';

/** The questions, and which of them cross. */
export interface Answers {
  readonly asked: ReadonlySet<string>;
  /** by question and by the interface that it leaves by */
  readonly open: ReadonlyMap<string, Path>;
  readonly traffic: ReadonlySet<string>;
  readonly questions: number;
}

const outBy = ({ answer }: Path): string => (answer.verdict === 'forward' ? answer.dev : '');
const questionOf = ({ family, origin, destination }: Path): string => `${family} ${origin.name} -> ${destination.name}`;
const keyOf = (path: Path): string => `${questionOf(path)} by ${outBy(path)}`;
const trafficOf = (path: Path): string =>
  `${path.family} ${path.origin.of ?? path.origin.name} -> ${path.destination.side} by ${outBy(path)}`;

function answersOf(paths: readonly Path[]): Answers {
  const open = paths.filter(({ leak }) => leak !== undefined);
  return {
    asked: new Set(paths.map(questionOf)),
    open: new Map(open.map((path) => [keyOf(path), path])),
    traffic: new Set(open.map(trafficOf)),
    questions: paths.length,
  };
}

/** With BIRD's routes in the table, and without: what it learns wins over a guard in the table, and what is not there falls through. */
export async function ask(
  state: FakeState,
  model: RouterModel,
  beside: readonly RouterModel[],
  names: Readonly<Record<string, readonly string[]>>,
): Promise<Answers> {
  const learnt = withBird(state, [model, ...beside]);
  const ways = learnt === undefined ? [state] : [state, learnt];
  const paths = await Promise.all(ways.map(async (way) => checkLeaks(createFakeHost({ names, state: way }), model)));
  return answersOf(paths.flat());
}

export interface Pardon {
  /** interfaces of the mesh, be it as it was or as it will be: from one of them to another nothing crosses */
  readonly mesh: ReadonlySet<string>;
  /** what may be open */
  readonly open: Answers | undefined;
}

/** A path of an origin or to a destination that could not be asked for before was there if the same traffic crossed. */
export function openedSince(before: Answers, now: Answers, { mesh, open }: Pardon): Path[] {
  return [...now.open]
    .filter(([key]) => open?.open.has(key) !== true)
    .filter(([, path]) => !(mesh.has(outBy(path)) && mesh.has(path.origin.oif ?? path.origin.iif)))
    .filter(([key, path]) =>
      before.asked.has(questionOf(path)) ? !before.open.has(key) : !before.traffic.has(trafficOf(path)),
    )
    .map(([, path]) => path);
}

export const tellPath = (path: Path): string => `${describePath(path)}: ${path.leak ?? ''}`;
