// The guards of the last applied state, in files: wgospf-guard.service installs them at boot, before any interface is up
// and long before Node runs. The files at these paths are ours, whoever wrote them.
import type { AnyResource, Observe, Operation, Resource } from '../../engine/types.ts';
import { count } from '../../net/units.ts';
import { guardFiles, guardPath, type GuardFileSpec } from './render.ts';

export interface GuardFilePayload {
  readonly path: string;
  /** undefined: removed */
  readonly text: string | undefined;
}

const observe: Observe<GuardFileSpec> = async (host) => {
  const paths = ([4, 6] as const).map(guardPath);
  const found = await Promise.all(paths.map(async (path) => ({ path, text: await host.files.read(path) })));
  return {
    objects: found.flatMap(({ path, text }) => (text === undefined ? [] : [{ spec: { path, text }, owned: true }])),
  };
};

const guardCount = (text: string): string => count(text.trimEnd().split('\n').length - 1, 'guard');

/** @param kinds the kinds whose guards the files contain */
export const guardFile = (kinds: readonly AnyResource[]): Resource<GuardFileSpec, GuardFilePayload, 'text'> => ({
  kind: 'guard-file',
  key: ({ path }) => path,
  fields: ({ text }) => ({ text }),
  desired: (model) => guardFiles(model, kinds).map((spec) => ({ spec, source: model.mesh.source })),
  observe,
  plan: (change): Operation<GuardFilePayload>[] => {
    const shared = { kind: 'guard-file', impact: 'none' } as const;
    if (change.type === 'delete') {
      const { path } = change.observed.spec;
      const payload = { path, text: undefined };
      return [{ ...shared, key: path, stage: 'file-remove', action: 'delete', command: `rm ${path}`, payload }];
    }
    const { spec, source } = change.desired;
    const command = `install -D -m 644 /dev/stdin ${spec.path}  # ${guardCount(spec.text)} for the next boot`;
    return [{ ...shared, key: spec.path, stage: 'file-write', action: change.type, command, payload: spec, source }];
  },
  apply: ({ path, text }, host) =>
    text === undefined ? host.files.remove(path) : host.files.write(path, text, { mode: 0o644 }),
  polled: true,
  adoptable: false,
});
