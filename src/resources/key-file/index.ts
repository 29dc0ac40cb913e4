// Private key files: where one is missing, of the key that its live device has, else of a new one. None is ever changed or
// removed (a lost key is a lost tunnel).
import type { Change, Operation, Resource } from '../../engine/types.ts';
import { keyKept } from '../tags.ts';
import { desiredKeyFiles } from './desired.ts';
import { observeKeyFiles } from './observe.ts';
import { keyFileKey, type KeyFileSpec } from './spec.ts';

/** With a holder its key is saved, else a new one is made. */
function plan(change: Change<KeyFileSpec>): Operation<KeyFileSpec>[] {
  if (change.type === 'delete') return [];
  const { spec, source } = change.desired;
  const { path } = spec;
  const holder = change.type === 'update' ? change.observed.spec.holder : undefined;
  const save = holder && `wg show ${holder.dev} private-key > ${path}  # mode 0600`;
  return [
    {
      kind: 'key-file',
      key: path,
      stage: 'file-write',
      action: 'create',
      ...(holder === undefined ? {} : { provides: [keyKept(holder.dev)], netns: holder.netns }),
      command: save ?? `wg genkey > ${path}  # mode 0600`,
      impact: 'none',
      payload: { path, holder },
      source,
    },
  ];
}

export const keyFile: Resource<KeyFileSpec, KeyFileSpec, 'key'> = {
  kind: 'key-file',
  key: keyFileKey,
  fields: ({ holder }) => ({ key: holder === undefined ? '' : `of ${holder.dev}` }),
  desired: desiredKeyFiles,
  observe: observeKeyFiles,
  plan,
  apply: ({ path, holder }, host) =>
    holder === undefined ? host.keys.generate(path) : host.wg.save(holder.dev, 'private-key', path),
  adoptable: false,
};
