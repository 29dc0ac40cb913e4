// Finds which key files exist, and for a missing file which live device has its key.
import type { Condition, Observe, Observed } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { WgDevice } from '../../host/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { allNamespaces } from '../../engine/namespaces.ts';
import { desiredKeyFiles } from './desired.ts';
import { keyFileKey, type Holder, type KeyFileSpec } from './spec.ts';

interface Found {
  /** undefined: nobody has the key, and a new one may be made */
  readonly object?: Observed<KeyFileSpec>;
  readonly condition?: Condition;
}

/** The file counts as present: nothing overwrites or creates it, and operations that need it fail with its name. */
const unusable = (path: string, message: string): Found => ({
  object: { spec: { path, holder: undefined }, owned: false },
  condition: { code: 'private-key-unusable', severity: 'error', subject: path, message },
});

interface Live {
  readonly device: WgDevice;
  readonly netns: string;
}

/** Devices with the names of the file's tunnels, whoever owns them: a device that wgospf takes over later still has its key. */
async function liveDevices(host: HostReader, model: RouterModel, path: string): Promise<Live[]> {
  const names = model.tunnels.filter(({ privateKeyFile }) => privateKeyFile === path).map(({ name }) => name);
  const lists = (await allNamespaces(host, model)).map(async ({ netns, host: there }) =>
    (await there.wg.devices(names)).map((device): Live => ({ device, netns })),
  );
  return (await Promise.all(lists)).flat();
}

const holderOf = ({ device: { name }, netns }: Live): Holder => ({ dev: name, netns });

async function missing(host: HostReader, model: RouterModel, path: string): Promise<Found> {
  const live = await liveDevices(host, model, path);
  const unread = live.find(({ device }) => device.unread !== undefined);
  if (unread !== undefined) {
    const { name, unread: why = '' } = unread.device;
    return unusable(path, `the file is missing, and ${name}, which may have the key, cannot be read: ${why}`);
  }
  const withKey = live.filter(({ device }) => device.publicKey !== '');
  const [first, ...others] = withKey;
  if (first === undefined) return {};
  const other = others.find(({ device }) => device.publicKey !== first.device.publicKey);
  if (other === undefined) return { object: { spec: { path, holder: holderOf(first) }, owned: false } };
  const two = `${first.device.name} and ${other.device.name}`;
  return unusable(path, `the file is missing, and ${two} have different keys: give each a privateKeyFile of its own`);
}

async function look(host: HostReader, model: RouterModel, path: string): Promise<Found> {
  try {
    if ((await host.keys.publicKeyOf(path)) !== undefined)
      return { object: { spec: { path, holder: undefined }, owned: false } };
  } catch (error) {
    if (!isHostError(error)) throw error;
    return unusable(path, error.message);
  }
  return missing(host, model, path);
}

export const observeKeyFiles: Observe<KeyFileSpec> = async (host, model) => {
  if (model === undefined) return { objects: [] };
  const found = await Promise.all(desiredKeyFiles(model).map(({ spec }) => look(host, model, keyFileKey(spec))));
  return {
    objects: found.flatMap(({ object }) => object ?? []),
    conditions: found.flatMap(({ condition }) => condition ?? []),
  };
};
