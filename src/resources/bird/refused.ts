// Whether the installed BIRD accepts the file of the model. Asked before the first operation: links, rules and addresses of a
// state file whose OSPF never comes up would be half a router. Asked in every pass until BIRD takes the file.
import type { Condition } from '../../engine/types.ts';
import { isHostError } from '../../host/error.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouterModel } from '../../model/types.ts';
import { desiredBird } from './desired.ts';
import type { BirdSpec } from './spec.ts';

/** What BIRD already runs needs no check. */
const isInForce = (wanted: BirdSpec, found: BirdSpec | undefined): boolean =>
  found?.daemon === 'up' &&
  found.text === wanted.text &&
  found.running === wanted.running &&
  found.secretsAre === wanted.secretsAre;

export async function refusedFile(
  host: HostReader,
  model: RouterModel,
  found: BirdSpec | undefined,
): Promise<Condition | undefined> {
  const wanted = desiredBird(model)[0]?.spec;
  if (wanted === undefined || isInForce(wanted, found)) return undefined;
  const said = await complaint(host, wanted);
  if (said === undefined) return undefined;
  const message =
    `BIRD refuses the file that this state file means: ${said}; nothing new is set up until it takes it ` +
    `(wgospf bird render shows the file)`;
  return { code: 'bird-refuses', severity: 'error', subject: wanted.path, message, veto: true };
}

/** undefined also if the check is impossible (no BIRD, an unreadable password): then writing the file reports why. */
async function complaint(
  host: HostReader,
  { path, text, socket, secretsFile, secrets }: BirdSpec,
): Promise<string | undefined> {
  try {
    return await host.bird.checkText({ path, text, socket, secretsFile, secrets });
  } catch (error) {
    if (isHostError(error)) return undefined;
    throw error;
  }
}
