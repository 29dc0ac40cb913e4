// The laws of a reconciler, on random state files and random hosts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import type { FakeHost, FakeHostOptions } from '../fakes/fake-host.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { readState } from '../fakes/read-state.ts';
import { troublesOf } from '../fakes/troubles.ts';
import { privateKeyFrom } from '../fakes/wg-keys.ts';
import { foreignLines, typeForeign } from './foreign-lines.ts';
import { hostLines, shuffleKeys, stateFiles, stateObjects, toYaml } from './state-files.ts';

const NO_ADOPTION = { adopt: false };
const kernels: fc.Arbitrary<FakeHostOptions> = fc.record({ ipv6: fc.boolean(), kernelWireguard: fc.boolean() });
/** local interfaces that a state file may borrow */
const borrowed = ['eth1', 'eth2'];

function newHost(options: FakeHostOptions = {}, foreign: readonly string[] = []): FakeHost {
  const host = createFakeHost(options);
  host.run(hostLines);
  typeForeign(host, foreign);
  return host;
}

async function apply(host: FakeHost, text: string): Promise<void> {
  const report = await reconcile(host, resources, readState(text, host.env), NO_ADOPTION);
  expect(troublesOf(report)).toEqual([]);
}

async function down(host: FakeHost): Promise<void> {
  expect(troublesOf(await reconcile(host, resources, undefined, NO_ADOPTION))).toEqual([]);
}

async function commands(host: FakeHost, text: string): Promise<string[]> {
  const { operations, waiting } = await makePlan(host, resources, readState(text, host.env), NO_ADOPTION);
  return [...operations, ...waiting.map(({ operation }) => operation)].map(({ command }) => command);
}

/** A key once made stays. */
const withoutKeys = (snapshot: string): string =>
  snapshot
    .split('\n')
    .filter((line) => !/^file \S+\.key /.test(line))
    .join('\n');

/** What was found before the first change tells of the past. */
const withoutNotes = (snapshot: string): string => snapshot.replaceAll(/^note .*\n/gm, '');

/** A key file that is missing is made of the key that the device has: docs/adr/0025. */
function writeKeys(host: FakeHost, text: string): void {
  const files = readState(text, host.env).tunnels.map(({ privateKeyFile }) => privateKeyFile);
  for (const file of files) writeFile(host.state, file, `${privateKeyFrom(file)}\n`, { mode: 0o600 });
}

const law = (name: string, run: () => Promise<void>): void => it(name, { timeout: 120_000 }, run);

describe('planning', () => {
  law('finds nothing to do after applying', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, kernels, foreignLines, async (text, kernel, foreign) => {
        const host = newHost(kernel, foreign);
        await apply(host, text);
        const writes = host.writes();
        await apply(host, text);
        expect(host.writes()).toBe(writes);
      }),
    ),
  );

  law('does not depend on the order of keys in the file', () =>
    fc.assert(
      fc.asyncProperty(stateObjects, fc.func(fc.nat()), async (state, number) => {
        let calls = 0;
        const other = shuffleKeys(state, (below) => number(calls++) % below);
        expect(await commands(newHost(), toYaml(other))).toEqual(await commands(newHost(), toYaml(state)));
      }),
    ),
  );

  law('is the same beside foreign objects as without them', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, foreignLines, async (text, foreign) => {
        // whose links take router advertisements go on taking them: theirs are the only settings of others that are touched
        const plain = (await commands(newHost({}, foreign), text)).filter(
          (c) => !/\.(fo\d|wgother)\.accept_ra=2$/.test(c),
        );
        expect(plain).toEqual(await commands(newHost(), text));
      }),
    ),
  );
});

describe('applying', () => {
  law('leaves foreign objects as they were: apply, change, down', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, stateFiles, foreignLines, async (first, second, foreign) => {
        const host = newHost({}, foreign);
        // a file that two devices with different keys would have to become is refused, as it should be
        for (const text of [first, second]) writeKeys(host, text);
        const before = host.foreignSnapshot(borrowed);
        for (const step of [() => apply(host, first), () => apply(host, second), () => down(host)]) {
          await step();
          expect(host.foreignSnapshot(borrowed)).toBe(before);
        }
      }),
    ),
  );

  law('ends in the same place whatever was applied before', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, stateFiles, kernels, async (first, second, kernel) => {
        const [changed, fresh] = [newHost(kernel), newHost(kernel)];
        for (const host of [changed, fresh]) writeKeys(host, second);
        await apply(changed, first);
        await apply(changed, second);
        await apply(fresh, second);
        const [end, expected] = [changed, fresh].map((host) => withoutNotes(withoutKeys(host.snapshot())));
        expect(end).toBe(expected);
      }),
    ),
  );

  law('is undone by `down`', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, kernels, foreignLines, async (text, kernel, foreign) => {
        const host = newHost(kernel, foreign);
        const before = host.snapshot();
        await apply(host, text);
        await down(host);
        expect(withoutKeys(host.snapshot())).toBe(withoutKeys(before));
      }),
    ),
  );

  law('converges after any single fault of any host call', () =>
    fc.assert(
      fc.asyncProperty(stateFiles, fc.nat({ max: 400 }), fc.boolean(), async (text, at, after) => {
        const [host, undisturbed] = [newHost(), newHost()];
        host.failCall(at, 'EIO', { after });
        // a host that cannot be read ends the pass
        await reconcile(host, resources, readState(text, host.env), NO_ADOPTION).catch(() => undefined);
        host.clear();
        await apply(host, text);
        await apply(undisturbed, text);
        expect(host.snapshot()).toBe(undisturbed.snapshot());
      }),
    ),
  );
});
