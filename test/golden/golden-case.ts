// A golden case: a folder with the initial host, the state file, and the expected plan.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FakeHost } from '../fakes/fake-host.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import type { RouterModel } from '../../src/model/types.ts';

const folder = new URL('.', import.meta.url).pathname;

interface CaseFile {
  /** what the case shows, one sentence */
  readonly title: string;
  readonly ipv6?: boolean;
  readonly kernelWireguard?: boolean;
  /** default false: `--adopt` */
  readonly adopt?: boolean;
  /** `wgospf down` instead of `wgospf apply`; before.yaml was adopted */
  readonly down?: boolean;
  /** also run on the real kernel, where wireguard-go makes the tunnels (test/netns/golden-kernel.test.ts) */
  readonly onKernel?: boolean;
  readonly troubles?: readonly string[];
  /** borrowed links that move into the namespace or out of it, with their addresses and routes */
  readonly moves?: readonly string[];
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

export interface GoldenCase extends CaseFile {
  readonly name: string;
  readonly adopt: boolean;
  /** operations that are not done after one pass, with the reasons */
  readonly troubles: readonly string[];
  readonly moves: readonly string[];
  readonly planFile: string;
  /** lines typed before anything else */
  readonly boot: string;
  /** lines typed after before.yaml was applied, if there is one */
  readonly host: string;
  readonly before: string | undefined;
  readonly state: string;
}

const readOptional = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined);

function readCase(name: string): GoldenCase {
  const at = (file: string): string => `${folder}${name}/${file}`;
  const file = parse(readFileSync(at('case.yaml'), 'utf8')) as CaseFile;
  return {
    adopt: false,
    troubles: [],
    moves: [],
    ...file,
    name,
    planFile: at('plan.txt'),
    boot: `${readFileSync(`${folder}boot.txt`, 'utf8')}\n${readOptional(at('boot.txt')) ?? ''}`,
    host: readOptional(at('host.txt')) ?? '',
    before: readOptional(at('before.yaml')),
    state: readFileSync(at('state.yaml'), 'utf8'),
  };
}

export const goldenCases: readonly GoldenCase[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => readCase(entry.name))
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** The host of a case, ready for a plan. */
export async function prepareHost(golden: GoldenCase): Promise<FakeHost> {
  const { boot, before, host: lines, ipv6 = true, kernelWireguard = true, names = {}, adopt } = golden;
  const host = createFakeHost({ ipv6, kernelWireguard, names });
  host.run(boot);
  if (before !== undefined) {
    const report = await reconcile(host, resources, readState(before, host.env), { adopt });
    const bad = report.results.find(({ outcome }) => outcome.status !== 'done');
    if (bad !== undefined || report.remaining.length > 0) {
      throw new Error(`${golden.name}/before.yaml: ${JSON.stringify(bad ?? report.remaining[0])}`);
    }
  }
  host.run(lines);
  return host;
}

/** By environment and text: a case under faults asks for its model some hundred times, and nobody changes a model. */
const models = new Map<string, RouterModel>();

/** undefined if everything of ours must be removed. */
export const modelOf = (golden: GoldenCase, host: FakeHost): RouterModel | undefined =>
  golden.down === true ? undefined : readOnce(golden.state, host.env);

function readOnce(text: string, env: FakeHost['env']): RouterModel {
  const key = JSON.stringify([env, text]);
  const model = models.get(key) ?? readState(text, env);
  models.set(key, model);
  return model;
}

/** Names of the foreign links that the state file configures. */
export function borrowedBy(golden: GoldenCase, host: FakeHost): string[] {
  const texts = [golden.state, ...(golden.before === undefined ? [] : [golden.before])];
  const named = texts.flatMap((text) => readState(text, host.env).interfaces.filter((i) => i.kind === 'existing'));
  return named.map(({ name }) => name);
}
