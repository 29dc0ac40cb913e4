// A kind of object only for tests of the engine: boxes on shelves. `box:a` may stand on another box.
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import type {
  AnyResource,
  Condition,
  Desired,
  Foreign,
  Operation,
  Plan,
  Report,
  Resource,
} from '../../src/engine/types.ts';
import { HostError } from '../../src/host/error.ts';
import type { Stage } from '../../src/engine/stages.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';

export interface Box {
  readonly name: string;
  readonly color: string;
  /** the box below, by name */
  readonly on?: string;
}

export interface Toy {
  readonly resource: AnyResource;
  /** existing boxes; `owned` is our mark */
  readonly there: Map<string, Box & { owned: boolean }>;
  /** names whose operations fail */
  readonly broken: Set<string>;
  /** the applied operations, in order */
  readonly done: string[];
}

export interface ToyInit {
  readonly kind?: string;
  readonly desired: readonly Box[];
  readonly there?: readonly (Box & { owned: boolean })[];
  readonly stage?: Stage;
  readonly adoptable?: boolean;
  readonly borrowed?: boolean;
  readonly conditions?: readonly Condition[];
  readonly foreign?: readonly Foreign[];
}

export function createToy(init: ToyInit): Toy {
  const { kind = 'box', stage = 'address-add', adoptable = false, borrowed = false } = init;
  const there = new Map((init.there ?? []).map((box) => [box.name, box]));
  const broken = new Set<string>();
  const done: string[] = [];
  const operation = (action: Operation['action'], box: Box): Operation<Box & { action: string }> => ({
    ...{ kind, key: box.name, action, impact: 'none', payload: { ...box, action } },
    stage: action === 'delete' ? 'address-remove' : stage,
    requires: box.on === undefined ? [] : [`${kind}:${box.on}`],
    command: `${action} ${box.name}`,
  });
  const resource: Resource<Box, Box & { action: string }, string> = {
    ...{ kind, adoptable },
    key: ({ name }) => name,
    fields: ({ color }) => ({ color }),
    desired: () =>
      init.desired.map((spec): Desired<Box> => ({ spec, borrowed, source: { file: 'f', line: 1, col: 1, path: 'p' } })),
    observe: () =>
      Promise.resolve({
        objects: [...there.values()].map(({ owned, ...spec }) => ({ spec, owned })),
        conditions: init.conditions ?? [],
        foreign: init.foreign ?? [],
      }),
    plan: (change) => [
      change.type === 'delete'
        ? operation('delete', change.observed.spec)
        : operation(change.type, change.desired.spec),
    ],
    apply: ({ action, ...box }) => {
      if (broken.has(box.name)) {
        return Promise.reject(new HostError({ operation: `${action} ${box.name}`, code: 'EIO', detail: 'broken' }));
      }
      done.push(`${action} ${box.name}`);
      if (action === 'delete') there.delete(box.name);
      else there.set(box.name, { ...box, owned: true });
      return Promise.resolve();
    },
  };
  return { resource, there, broken, done };
}

/** Any model: toys do not read it. */
export const someModel: RouterModel = readState(
  'version: 1\nrouter: {node: 1, instance: 1}\nmesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16]}\ntunnels: {}\n',
  createFakeHost().env,
);

export const red = (name: string, on?: string): Box => ({
  ...{ name, color: 'red' },
  ...(on === undefined ? {} : { on }),
});

export const plan = (toys: readonly Toy[], adopt = false): Promise<Plan> =>
  makePlan(
    createFakeHost(),
    toys.map(({ resource }) => resource),
    someModel,
    { adopt },
  );
export const run = (toys: readonly Toy[], adopt = false): Promise<Report> =>
  reconcile(
    createFakeHost(),
    toys.map(({ resource }) => resource),
    someModel,
    { adopt },
  );
export const commands = ({ operations }: Plan): string[] => operations.map(({ command }) => command);
