// Private key files: a missing file gets the key of its live device, or else a new key. wgospf never changes or removes a
// file (without its key a tunnel is lost).
import type { Change, Operation, Resource } from '../../engine/types.ts';
import { keyKept } from '../tags.ts';
import { desiredKeyFiles } from './desired.ts';
import { observeKeyFiles } from './observe.ts';
import { keyFileKey, type KeyFileSpec } from './spec.ts';

/** With a holder, saves its key; without one, makes a new key. */
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
