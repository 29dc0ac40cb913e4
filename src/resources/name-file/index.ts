// The drop-ins in /etc/iproute2 that name our table and our protocol.
import type { Condition, Observe, Observed, Operation, Resource } from '../../engine/types.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouterModel } from '../../model/types.ts';
import {
  HEADER,
  nameConflict,
  nameFiles,
  OTHER_TABLE_FILES,
  PROTOCOLS_FILE,
  TABLES_FILE,
  type NameFileSpec,
} from './names.ts';

async function conflicts(host: HostReader, model: RouterModel): Promise<Condition[]> {
  const { main, table, source } = model.mesh;
  if (main) return [];
  const texts = await Promise.all(OTHER_TABLE_FILES.map((path) => host.files.read(path)));
  return OTHER_TABLE_FILES.flatMap((path, i): Condition[] => {
    const said = nameConflict(texts[i] ?? '', table);
    if (said === undefined) return [];
    const message =
      `${path} says "${said}", the state file "${table.id} ${table.name}" (${source.file}:${source.line}); ` +
      `routing goes by the number, but ip prints one name for the other: change one of the two`;
    return [{ code: 'table-name-conflict', severity: 'warning', subject: path, message }];
  });
}

const observe: Observe<NameFileSpec> = async (host, model) => {
  const look = async (path: string): Promise<Observed<NameFileSpec>[]> => {
    const text = await host.files.read(path);
    return text === undefined ? [] : [{ spec: { path, text }, owned: text.startsWith(HEADER) }];
  };
  const [conditions, ...objects] = await Promise.all([
    model === undefined ? [] : conflicts(host, model),
    ...[PROTOCOLS_FILE, TABLES_FILE].map(look),
  ]);
  return { objects: objects.flat(), conditions };
};

export const nameFile: Resource<NameFileSpec, NameFileSpec | { path: string; text: undefined }, 'text'> = {
  kind: 'name-file',
  key: ({ path }) => path,
  fields: ({ text }) => ({ text }),
  desired: (model) => nameFiles(model).map((spec) => ({ spec, source: model.mesh.source })),
  observe,
  plan: (change): Operation<NameFileSpec | { path: string; text: undefined }>[] => {
    if (change.type === 'delete') {
      const { path } = change.observed.spec;
      const shared = { kind: 'name-file', key: path, impact: 'none' } as const;
      return [
        {
          ...shared,
          stage: 'file-remove',
          action: 'delete',
          command: `rm ${path}`,
          payload: { path, text: undefined },
        },
      ];
    }
    const { spec, source } = change.desired;
    const entry = spec.text.split('\n')[1]?.replace('\t', ' ') ?? '';
    return [
      {
        kind: 'name-file',
        key: spec.path,
        stage: 'file-write',
        action: change.type,
        command: `echo '${entry}' > ${spec.path}`,
        impact: 'none',
        payload: spec,
        source,
      },
    ];
  },
  apply: ({ path, text }, host) =>
    text === undefined ? host.files.remove(path) : host.files.write(path, text, { mode: 0o644 }),
  polled: true,
  adoptable: true,
};
