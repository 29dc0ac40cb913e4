// Golden cases on the real kernel, with wireguard-go for tunnels and no BIRD: the plan must be the one that the fake gives
// for the same lines, and a person who types it must get there.
import { batched } from '../../src/host/batch.ts';
import { systemClock } from '../../src/host/clock.ts';
import { createSilence } from '../../src/host/silence.ts';
import { createHandshakeAge } from '../../src/host/handshake-age.ts';
import { expect, it, onTestFinished } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { Plan } from '../../src/engine/types.ts';
import type { Host, Notes } from '../../src/host/types.ts';
import { resources } from '../../src/resources/index.ts';
import { readState } from '../fakes/read-state.ts';
import { troublesOf } from '../fakes/troubles.ts';
import { goldenCases, modelOf, prepareHost, type GoldenCase } from '../golden/golden-case.ts';
import { typePlan } from '../golden/type-plan.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost } from './remote/remote-host.ts';

const env = { ipv6: true, kernelWireguard: false };

function notesInMemory(): Notes {
  const notes = new Map<string, string>();
  return {
    all: () => Promise.resolve(new Map(notes)),
    note: (key, value) => Promise.resolve(void notes.set(key, notes.get(key) ?? value)),
    forget(...keys) {
      for (const key of keys) notes.delete(key);
      return Promise.resolve();
    },
  };
}

/** The namespace's host, with notes kept here. */
function hostOf(ns: Namespace): Host {
  const remote = remoteHost(ns);
  onTestFinished(() => remote.end());
  const { rtnl, wg, keys, sysctl, nft, files, bird, birdSecrets, netns } = remote;
  return batched({
    ...{ rtnl, wg, keys, sysctl, nft, files, bird, birdSecrets, netns },
    notes: notesInMemory(),
    resolveName: () => Promise.resolve<string[]>([]),
    now: systemClock.now,
    ticks: systemClock.ticks,
    handshakeAge: createHandshakeAge(systemClock),
    silence: createSilence(systemClock),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
    close: () => undefined,
  });
}

async function prepareKernel(ns: Namespace, golden: GoldenCase): Promise<Host> {
  const host = hostOf(ns);
  const type = (lines: string): Promise<string> => ns.sh(`umask 077; mkdir -p /etc/wgospf/keys\n${lines}`);
  // the fake has no bird.conf from a package
  await type(`rm -f /etc/bird/bird.conf\n${golden.boot}`);
  if (golden.before !== undefined) {
    expect(troublesOf(await reconcile(host, resources, readState(golden.before, env), golden))).toEqual([]);
  }
  await type(golden.host);
  return host;
}

/** Here keys are random, and so are the addresses derived from them. */
const sameKey = (command: string): string => command.replace(/fe80::[0-9a-f:]+\/64/, 'fe80::(the key)/64');

const commandsOf = ({ operations, waiting }: Plan): string[] => [
  ...operations.map(({ command }) => sameKey(command)),
  ...waiting.map(({ operation, missing }) => `${operation.command} <- ${missing}`),
];

it.each(goldenCases.filter(({ onKernel }) => onKernel === true))('$name: $title', async (golden) => {
  const userspace = { ...golden, kernelWireguard: false, boot: `${golden.boot}\nsystemctl stop bird\n` };
  const fake = await prepareHost(userspace);
  const model = modelOf(userspace, fake);
  const ns = await openNamespace('golden');
  onTestFinished(() => ns.close());
  const host = await prepareKernel(ns, golden);
  const plan = await makePlan(host, resources, model, golden);
  expect(commandsOf(plan)).toEqual(commandsOf(await makePlan(fake, resources, model, golden)));
  await typePlan(plan, host, (line) => ns.sh(line));
  expect(troublesOf(await reconcile(host, resources, model, golden))).toEqual([]);
});
