import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { LAST_GOOD_FILE } from '../../src/daemon/last-good.ts';
import { readModel } from '../../src/config/read-model.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { STATE_FILE } from '../fakes/read-state.ts';
import { fakeContext } from './fake-context.ts';
import { report } from './samples.ts';

const text =
  'version: 1\nrouter: {node: 111}\nmesh:\n  table: {name: m, id: 2}\n  prefixes: [10.70.0.0/16]\ntunnels: {}\n';

const kept = (host: FakeHost): string | undefined => host.state.files.get(LAST_GOOD_FILE)?.text;

/** Applies a file whose text is the model's, or has changed when the pass ends. */
async function apply(host: FakeHost, now = text): Promise<void> {
  const { model } = readModel(text, STATE_FILE, host.env);
  writeFile(host.state, STATE_FILE, now);
  const ctx = fakeContext({
    host: () => host,
    load: () => Promise.resolve({ model, diagnostics: [], text }),
    reconcile: () => Promise.resolve(report({ generation: model?.generation ?? '' })),
  });
  await run(['apply'], ctx);
}

test('apply keeps the text for a daemon that finds a bad file, and down removes it', async () => {
  const host = createFakeHost();
  await apply(host);
  expect(kept(host)).toBe(text);
  await run(['down'], fakeContext({ host: () => host }));
  expect(kept(host)).toBeUndefined();
});

test('a text that differs from the applied text is not kept', async () => {
  const host = createFakeHost();
  await apply(host, `${text}# edited meanwhile\n`);
  expect(kept(host)).toBeUndefined();
});
