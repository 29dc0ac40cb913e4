// docs/daemon.md and the unit name what exists: triggers, events, paths, commands.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { LAST_GOOD_FILE } from '../../src/daemon/last-good.ts';
import { CONTROL_SOCKET, RUN_FOLDER, STATUS_SOCKET } from '../../src/daemon/sockets.ts';
import { describe } from '../../src/log/describe.ts';
import { fakeContext } from '../cli/fake-context.ts';
import { events } from '../log/events.ts';

const root = new URL('../../', import.meta.url).pathname;
const page = readFileSync(`${root}docs/daemon.md`, 'utf8');
const unit = readFileSync(`${root}systemd/wgospf.service`, 'utf8');

const section = (heading: string): string => page.split('\n## ').find((text) => text.startsWith(`${heading}\n`)) ?? '';

/** Values of a key of the unit, in their order. */
const values = (key: string): string[] =>
  [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);

test('every reason of a trigger is documented', () => {
  const types = readFileSync(`${root}src/daemon/types.ts`, 'utf8');
  const [, reasons = ''] = /readonly reason:\s*([^;]+);/.exec(types) ?? [];
  const named = [...section('What starts a pass').matchAll(/^\| `([a-z]+)`/gm)].map(([, reason]) => reason);
  expect(named.sort()).toEqual([...reasons.matchAll(/'([a-z]+)'/g)].map(([, reason]) => reason).sort());
});

test('every event is in the row of its priority', () => {
  const rows = section('Journal').matchAll(/^\| `([a-z]+)`\s*\| (.*) \|$/gm);
  const documented = new Map([...rows].map(([, level = '', cell = '']) => [level, cell]));
  const records = events.flatMap((event) => describe(event));
  expect(records.length).toBeGreaterThan(20);
  for (const { level, event } of records) expect(`${level}: ${documented.get(level) ?? ''}`).toContain(`\`${event}\``);
});

test('every socket and folder is documented', () => {
  for (const socket of [CONTROL_SOCKET, STATUS_SOCKET]) expect(page).toContain(`\`${RUN_FOLDER}/${socket}\``);
  expect(page).toContain(`\`${LAST_GOOD_FILE}\``);
  expect(values('RuntimeDirectory').map((name) => `/run/${name}`)).toEqual([`${RUN_FOLDER} wireguard`]);
  expect(values('StateDirectory').map((name) => `/var/lib/${name}/state.yaml`)).toEqual([LAST_GOOD_FILE]);
});

test('the unit runs existing commands, and leaves the network alone', () => {
  const names = makeProgram(fakeContext(), () => undefined).commands.map((command) => command.name());
  const run = [...values('ExecStart'), ...values('ExecReload')];
  expect(run).toEqual(['/usr/lib/wgospf/with-notify-socket /usr/bin/wgospf run', '/usr/bin/wgospf reload']);
  for (const line of run) expect(names).toContain(line.split(' ').at(-1));
  expect([values('Type'), values('KillMode'), values('RuntimeDirectoryPreserve')]).toEqual([
    ['notify'],
    ['process'],
    ['yes'],
  ]);
  expect(values('ExecStop')).toEqual([]);
});
