// The report about a foreign rule among ours; the command that deletes it deletes no other rule.
import { beforeEach, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { rule } from '../../src/resources/rule/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { readState } from '../fakes/read-state.ts';
import { boot, state } from '../leak-check/one-tunnel.ts';

let host: FakeHost;
let model: RouterModel;

beforeEach(async () => {
  host = createFakeHost();
  host.run(boot);
  model = readState(state, host.env);
  await reconcile(host, [rule], model, { adopt: false });
});

const messages = async (): Promise<string[]> => ((await rule.observe(host, model)).foreign ?? []).map((f) => f.message);
const commandIn = (message: string): string => /(?:takes|take) it away: (.*)$/.exec(message)?.[1] ?? '';
/** without those behind the others, whose order does not matter */
const rules = (): string[] =>
  host
    .snapshot()
    .split('\n')
    .filter((line) => line.includes('rule'))
    .toSorted();

test.each([
  [
    'a twin with a protocol of its own',
    'priority 1031 iif wg222 lookup 2 protocol static',
    /twin of a rule of ours.*protocol 4$/,
  ],
  [
    'a twin without a protocol that comes after ours',
    'priority 1031 iif wg222 lookup 2',
    /: ip rule del .* protocol 87; ip rule add .* protocol 87; ip rule del [^;]*lookup 2$/,
  ],
  ['a twin of a guard', 'priority 1099 iif wg222 unreachable', /twin of a rule of ours/],
  [
    'a foreign rule',
    'priority 1031 iif wg9 lookup 2',
    /among ours.*if nobody needs it, take it away: ip rule del priority 1031 iif wg9 lookup 2$/,
  ],
])('%s is reported with the command that deletes only it', async (_what, text, command) => {
  const before = rules();
  host.run(`ip rule add ${text}`);
  const [message = '', ...more] = await messages();
  expect(more).toEqual([]);
  expect(message).toMatch(command);
  host.run(commandIn(message).replaceAll('; ', '\n'));
  expect(rules()).toEqual(before);
  expect(await messages()).toEqual([]);
});

test('a rule that ip(8) cannot distinguish from ours gets no command that would delete ours', async () => {
  host.run('ip rule add priority 1099 unreachable');
  const [message = ''] = await messages();
  expect(message).toMatch(
    /another's rule among ours \(priority 1099 unreachable\); move one of the two: mesh\.priorities moves ours$/,
  );
});
