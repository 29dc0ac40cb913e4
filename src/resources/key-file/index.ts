// Private key files: made where they are missing, never changed, never removed (a lost key is a lost tunnel).
import type { Condition, Desired, Observation, Observed, Operation, Resource } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { unique } from '../tags.ts';

export interface KeyFileSpec {
  /** absolute path */
  readonly path: string;
}

const keyOf = ({ path }: KeyFileSpec): string => path;

function desired(model: RouterModel): Desired<KeyFileSpec>[] {
  const files = model.tunnels.map(({ privateKeyFile, source }) => ({ spec: { path: privateKeyFile }, source }));
  return unique(files, keyOf);
}

const unusable = (path: string, message: string): Condition => ({
  code: 'private-key-unusable',
  severity: 'error',
  subject: path,
  message,
});

async function observe(host: Host, model: RouterModel | undefined): Promise<Observation<KeyFileSpec>> {
  const objects: Observed<KeyFileSpec>[] = [];
  const conditions: Condition[] = [];
  for (const { spec } of model === undefined ? [] : desired(model)) {
    try {
      if ((await host.keys.publicKeyOf(spec.path)) !== undefined) objects.push({ spec, owned: false });
    } catch (error) {
      if (!isHostError(error)) throw error;
      // It is there: nothing is written over it, and what needs it fails by name.
      objects.push({ spec, owned: false });
      conditions.push(unusable(spec.path, error.message));
    }
  }
  return { objects, conditions };
}

export const keyFile: Resource<KeyFileSpec, KeyFileSpec> = {
  kind: 'key-file',
  key: keyOf,
  fields: () => ({}),
  desired,
  observe,
  plan: (change): Operation<KeyFileSpec>[] =>
    change.type !== 'create'
      ? []
      : [
          {
            kind: 'key-file',
            key: change.desired.spec.path,
            stage: 'file-write',
            action: 'create',
            needs: [],
            command: `wg genkey > ${change.desired.spec.path}  # mode 0600`,
            impact: 'none',
            payload: change.desired.spec,
            source: change.desired.source,
          },
        ],
  apply: ({ path }, host) => host.keys.generate(path),
  adoptable: false,
};
