// The commands for a difference in bird.conf, in order, with their impact on traffic.
import { expect, test } from 'vitest';
import type { Change } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { desiredBird } from '../../src/resources/bird/desired.ts';
import { readHeader } from '../../src/resources/bird/header.ts';
import type { BirdSpec } from '../../src/resources/bird/spec.ts';
import { costing, node111 } from './models.ts';

function specOf(router: RouterModel): BirdSpec {
  const [desired] = desiredBird(router);
  if (desired === undefined) throw new Error('no desired object');
  return desired.spec;
}

const generation = (spec: BirdSpec): string => readHeader(spec.text)?.generation ?? '';

/** The change from the observed file to the model's, with each generation by name. */
function planned(after: RouterModel, found: Partial<BirdSpec> & { before?: RouterModel; owned?: boolean }): string[] {
  const { before = node111(), owned = true, ...change } = found;
  const [desired] = desiredBird(after);
  if (desired === undefined) return [];
  const observed = { spec: { ...specOf(before), ...change }, owned };
  const [old, now] = [bird.fields(observed.spec), bird.fields(desired.spec)];
  const fields = Object.keys(now).filter((name) => old[name] !== now[name]);
  return lines({ type: 'update', desired, observed, fields }, generation(desired.spec));
}

const lines = (change: Change<BirdSpec>, wanted = 'none'): string[] =>
  bird
    .plan(change, [])
    .map(({ command, impact }) => `${command.replace(`generation ${wanted}`, 'generation NEW')} [${impact}]`);

const cheaper = costing(10);
const configure =
  'birdc configure check && birdc configure timeout 30 && birdc show ospf neighbors && birdc configure confirm';
const install = 'install -m 640 -o root -g bird /dev/stdin /etc/bird/bird.conf  # generation NEW';

const flush = 'ip -4 route flush table';

test("a changed metric or table lets the plan end with a clean-up of BIRD's old routes", () => {
  expect(planned(node111(), { before: node111({ table: 'main' }) })).toEqual([
    `${install}: kernel4 [none]`,
    `${configure} [traffic-gap]`,
    `${flush} main proto bird metric 64 [none]`,
  ]);
  const raised = node111({ bird: { kernelMetric: 100 } });
  expect(planned(raised, { daemon: 'down' }).at(-1)).toBe(`${flush} 2 proto bird metric 64 [none]`);
});

test('a missing file is written, and BIRD takes it if it runs', () => {
  const [desired] = desiredBird(node111());
  if (desired === undefined) throw new Error('no desired object');
  const operations = bird.plan({ type: 'create', desired }, []);
  expect(lines({ type: 'create', desired }, generation(desired.spec))).toEqual([
    `${install} [none]`,
    `${configure} [none]`,
  ]);
  expect(operations.map(({ stage, action }) => `${stage} ${action}`)).toEqual([
    'bird-configure create',
    'bird-configure update',
  ]);
  expect(operations[1]?.requires).toEqual(operations[0]?.provides);
});

test('a changed cost names the interface and has no impact', () => {
  expect(planned(cheaper, {})).toEqual([`${install}: mesh4 interface wg222 [none]`, `${configure} [none]`]);
});

test('a changed router id resets all adjacencies', () => {
  const renamed = node111({ routerId: '10.69.1.99' });
  expect(planned(renamed, {})).toEqual([`${install}: router id [none]`, `${configure} [adjacency-reset]`]);
});

test('with a BIRD that is down or hangs only the file is written', () => {
  expect(planned(cheaper, { daemon: 'down' })).toEqual([`${install}: mesh4 interface wg222 [none]`]);
  expect(planned(cheaper, { daemon: 'silent' })).toEqual([`${install}: mesh4 interface wg222 [none]`]);
});

test('a right file that BIRD does not run is taken by BIRD', () => {
  expect(planned(node111(), { running: '' })).toEqual([`${configure} [adjacency-reset]`]);
});

const KEPT = '/var/lib/wgospf/bird/etc/bird/bird.conf.before-wgospf';

test('a file edited by hand is kept, written again and taken, whichever generation BIRD reports', () => {
  const edited = specOf(node111()).text.replace('cost 15', 'cost 1500');
  const copy = KEPT.replace('before-wgospf', 'edited-f890c9b3519d28d7');
  expect(planned(node111(), { text: edited })).toEqual([
    `install -D -m 600 /etc/bird/bird.conf ${copy} && ${install}: mesh4 interface wg222 [none]`,
    `${configure} [none]`,
  ]);
});

test('a changed mode is corrected, and BIRD is not reconfigured', () => {
  expect(planned(node111(), { mode: 0o600 })).toEqual([`${install} [none]`]);
});

test('a foreign file is kept beside ours when it is adopted', () => {
  expect(planned(node111(), { text: 'protocol device {}\n', owned: false, running: '' })).toEqual([
    `install -D -m 600 /etc/bird/bird.conf ${KEPT} && ${install} [none]`,
    `${configure} [traffic-gap]`,
  ]);
});

test('a changed control socket is named in the command', () => {
  const bound = node111({ bird: { controlSocket: '/run/bird2.ctl' } });
  expect(planned(bound, { running: '' })).toEqual([
    `${configure.replaceAll('birdc ', 'birdc -s /run/bird2.ctl ')} [adjacency-reset]`,
  ]);
});

test.for([
  [
    'kept',
    { kept: true },
    `install -m 640 -o root -g bird ${KEPT} /etc/bird/bird.conf && birdc disable mesh4 && birdc configure && rm ${KEPT}`,
  ],
  [
    'kept, BIRD down',
    { kept: true, daemon: 'down' },
    `install -m 640 -o root -g bird ${KEPT} /etc/bird/bird.conf && rm ${KEPT}`,
  ],
  [
    'none',
    {},
    "echo 'protocol device {}' > /etc/bird/bird.conf && birdc disable mesh4 && birdc configure && rm /etc/bird/bird.conf",
  ],
  ['none, BIRD down', { daemon: 'down' }, 'rm /etc/bird/bird.conf'],
  [
    'none, BIRD down, table main',
    { daemon: 'down', text: specOf(node111({ table: 'main' })).text },
    `rm /etc/bird/bird.conf && ${flush} main proto bird metric 64`,
  ],
] as const)('down restores: %s', ([, found, command]) => {
  const observed = { spec: { ...specOf(node111()), ...found }, owned: true };
  expect(lines({ type: 'delete', observed })).toEqual([`${command} [traffic-gap]`]);
});
