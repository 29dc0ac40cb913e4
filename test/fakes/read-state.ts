// A valid state file to its model; with an invalid file a test fails with the file's diagnostics.
import { readModel } from '../../src/config/read-model.ts';
import type { HostEnv, RouterModel } from '../../src/model/types.ts';

export const STATE_FILE = '/etc/wgospf/state.yaml';

export function readState(text: string, env: HostEnv): RouterModel {
  const { model, diagnostics } = readModel(text, STATE_FILE, env);
  if (model !== undefined) return model;
  throw new Error(diagnostics.map((d) => `${d.line}:${d.col}: ${d.message} (${d.hint})`).join('\n'));
}
