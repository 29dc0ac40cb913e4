// The law: at no moment of a plan is a path open between mesh and underlay that was not open before it. Asked of the model that
// the plan leads to, and of the one before: what `down` takes away, and what a mode leaves, is closed until its guards go.
import type { Stage } from '../../src/engine/stages.ts';
import { stages } from '../../src/engine/stages.ts';
import { vrfOf } from '../../src/model/sides.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { meshLinks } from '../../src/resources/tags.ts';
import type { FakeState } from '../fakes/fake-state.ts';
import { ask, openedSince, tellPath, type Answers } from './paths.ts';
import type { WalkedPlan } from './plans.ts';
import { keyOf, roadsOf } from './roads.ts';
import { walk, type Disturbance } from './walk.ts';

export interface Count {
  plans: number;
  walks: number;
  /** moments at which the host was looked at */
  steps: number;
  /** questions whose answer was looked at; equal hosts are asked once */
  questions: number;
  opened: number;
}

export const noCount = (): Count => ({ plans: 0, walks: 0, steps: 0, questions: 0, opened: 0 });

const GUARDS_GO = stages.indexOf('guard-remove');
const WAYS_OPEN = stages.indexOf('rule-add');

const namesOf = (models: readonly RouterModel[]): ReadonlySet<string> =>
  new Set(models.flatMap((model) => [...meshLinks(model).map(({ name }) => name), vrfOf(model)]));

interface Moment {
  readonly stage: Stage;
  readonly key: string;
}

interface Course {
  readonly moments: readonly Moment[];
  readonly end: string;
}

/** One plan, walked as often as wanted; what a walk showed is asked once for all of them. */
export interface Walker {
  /** what was opened; `undefined`: undisturbed */
  readonly try: (disturbance?: Disturbance) => Promise<{ readonly opened: readonly string[] }>;
}

/** What the models say is asked of a host; none where the mesh is main, or there is no mesh. */
const asksOf = ({ model, earlier }: WalkedPlan): RouterModel[] =>
  [model, earlier].filter((one): one is RouterModel => one !== undefined && !one.mesh.main);

/** From here on what is open at the end may be: the guards of what is gone go, and ways that the file opens are opened. */
function endsFrom({ model }: WalkedPlan, of: RouterModel): number {
  if (of === model) return Infinity;
  const opens = model !== undefined && (model.mesh.exit || model.mesh.transit.length > 0 || model.mesh.main);
  return opens ? WAYS_OPEN : GUARDS_GO;
}

export function createWalker(plan: WalkedPlan, count: Count): Walker {
  const kept = new Map<string, FakeState>();
  const answers = new Map<string, Promise<Answers>>();
  const models = asksOf(plan);
  const { names = {} } = plan.golden;

  const answer = async (key: string, model: RouterModel): Promise<Answers> => {
    const of = `${models.indexOf(model)} ${key}`;
    const state = kept.get(key);
    if (state === undefined) throw new Error('a host that nobody has seen');
    const known = answers.get(of) ?? ask(state, model, models, names);
    answers.set(of, known);
    count.questions += (await known).questions;
    return known;
  };
  const look = (state: FakeState): string => {
    const key = keyOf(state);
    if (!kept.has(key)) kept.set(key, roadsOf(state));
    return key;
  };
  const go = async (disturbance?: Disturbance): Promise<Course> => {
    const moments: Moment[] = [];
    const end = await walk(plan, disturbance, (state, stage) => {
      const key = look(state);
      const last = moments.at(-1);
      if (last?.key !== key || last.stage !== stage) moments.push({ stage, key });
    });
    count.walks += 1;
    return { moments, end: look(end) };
  };
  let calm: Promise<Course> | undefined;
  const mesh = namesOf(models);

  /** What has left the mesh is of the underlay by then. */
  const openAtTheEnd = async ({ moments, end }: Course): Promise<string[]> => {
    const { model } = plan;
    if (model === undefined || model.mesh.main) return [];
    const before = await answer(moments[0]?.key ?? end, model);
    const opened = openedSince(before, await answer(end, model), { mesh: namesOf([model]), open: undefined });
    return opened.map((path) => `end: ${tellPath(path)}`);
  };

  return {
    async try(disturbance) {
      calm ??= go();
      const undisturbed = await calm;
      const { moments } = disturbance === undefined ? undisturbed : await go(disturbance);
      // nothing is changed before the first write
      const start = undisturbed.moments[0]?.key ?? undisturbed.end;
      const opened = new Set<string>();
      for (const model of models) {
        const before = await answer(start, model);
        for (const { key, stage } of moments) {
          count.steps += 1;
          const ends = stages.indexOf(stage) >= endsFrom(plan, model);
          const open = ends ? await answer(undisturbed.end, model) : undefined;
          for (const path of openedSince(before, await answer(key, model), { mesh, open }))
            opened.add(`${stage}: ${tellPath(path)}`);
        }
      }
      if (disturbance === undefined) for (const path of await openAtTheEnd(undisturbed)) opened.add(path);
      return { opened: [...opened] };
    },
  };
}
