// The status of this host: current facts, compared with the model.
import type { Condition, Plan } from '../engine/types.ts';
import { meshNamespaces } from '../engine/namespaces.ts';
import { hostIn } from '../host/place.ts';
import type { HostReader } from '../host/reader.ts';
import { DEFAULT_BIRD } from '../model/defaults.ts';
import { insideModel, placeOf } from '../model/sides.ts';
import type { RouterModel } from '../model/types.ts';
import { notedServices } from '../resources/noted-services.ts';
import { assess } from './assess.ts';
import { collect } from './collect.ts';
import type { Status } from './types.ts';
import { wantedByMarks, wantedByModel } from './wanted.ts';

export interface Known {
  /** undefined: what our marks on the host tell */
  readonly model: RouterModel | undefined;
  /** undefined where none could be made */
  readonly plan: Plan | undefined;
  /** why model or plan is missing, or the daemon does not answer; they come before the plan's conditions, and count */
  readonly problems: readonly Condition[];
}

export async function readStatus(host: HostReader, { model, plan, problems }: Known): Promise<Status> {
  const { at, socket } = await whereItIs(host, model);
  const view = model === undefined ? undefined : (insideModel(model) ?? model);
  const tunnels = model?.tunnels.map(({ name }) => name) ?? [];
  const judged = plan && { ...plan, conditions: [...problems, ...plan.conditions] };
  const facts = await collect(at, socket, judged, { table: view?.mesh.table.id, tunnels });
  const assessed = assess(view === undefined ? wantedByMarks(facts) : wantedByModel(view), facts);
  return judged === undefined ? { ...assessed, conditions: problems } : assessed;
}

interface Where {
  /** the host as the mesh's links have it */
  readonly at: HostReader;
  /** of their BIRD */
  readonly socket: string;
}

/** Without a model the notes tell whether the mesh has a namespace of its own. */
async function whereItIs(host: HostReader, model: RouterModel | undefined): Promise<Where> {
  if (model !== undefined) {
    return { at: (await hostIn(host, placeOf(model))) ?? host, socket: model.bird.controlSocket };
  }
  const [place] = await meshNamespaces(host, undefined);
  const service = (await notedServices(host)).find(({ netns }) => netns === place?.netns);
  return { at: place?.host ?? host, socket: service?.controlSocket ?? DEFAULT_BIRD.controlSocket };
}
