// `mesh.firewall: auto`: the table exists if nftables is installed, and nothing waits for it or fails because of it if not.
import { expect, test } from 'vitest';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import type { Condition, Report } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { node111 } from '../bird/models.ts';

const TABLE = 'inet wgospf';
const model = (firewall: RouterModel['mesh']['firewall'] = 'auto'): RouterModel => {
  const base = node111();
  return { ...base, mesh: { ...base.mesh, firewall } };
};

/** @param model undefined: `down` */
const pass = (host: FakeHost, model: RouterModel | undefined): Promise<Report> =>
  reconcile(host, resources, model, { adopt: false });

const about = (conditions: readonly Condition[]): string[] =>
  conditions.filter(({ code }) => code.startsWith('nftables')).map(({ code, severity }) => `${severity} ${code}`);

const FAULT = { code: 'EXIT_1', detail: 'Error: Could not process rule: Operation not supported' };

/** nft installed or not; otherwise the same host. */
function withNft(host: FakeHost, size: number | undefined): FakeHost {
  const stat: FakeHost['files']['stat'] = (path) =>
    path.endsWith('bin/nft')
      ? Promise.resolve(size === undefined ? undefined : { mode: 0o755, uid: 0, gid: 0, size, mtime: 0 })
      : host.files.stat(path);
  return { ...host, files: { ...host.files, stat } };
}

test('the table is made by default, and kept', async () => {
  const host = createFakeHost();
  const { inSync, conditions } = await pass(host, model());
  expect([inSync, about(conditions), [...host.state.nft.keys()]]).toEqual([true, [], [TABLE]]);
  host.state.nft.clear();
  const plan = await makePlan(host, resources, model(), { adopt: false });
  expect(plan.operations.map(({ kind }) => kind)).toEqual(['nftables']);
});

test('without nft the router is in sync without the table, and a condition says so', async () => {
  const host = withNft(createFakeHost(), undefined);
  const report = await pass(host, model());
  expect([report.inSync, about(report.conditions)]).toEqual([true, ['info nftables-absent']]);
  expect(host.state.nft.size).toBe(0);
  expect(host.calls.filter(({ name }) => name.startsWith('nft.'))).toEqual([]);
  const condition = report.conditions.find(({ code }) => code === 'nftables-absent');
  expect(condition?.message).toMatch(/apt install nftables, or mesh\.firewall: none/);
  expect(about((await pass(host, model('none'))).conditions)).toEqual([]);
});

test('nft that refuses is a warning, and is tried again only when it changed', async () => {
  const host = createFakeHost();
  host.failNext('nft.run', FAULT.code);
  const report = await pass(host, model());
  expect([report.inSync, about(report.conditions)]).toEqual([true, ['warning nftables-failing']]);
  expect((await pass(host, model())).results).toEqual([]);
  const mended = await pass(withNft(host, 2), model());
  expect([mended.inSync, about(mended.conditions), host.state.nft.size]).toEqual([true, [], 1]);
});

test('nft that hangs is tried again, and links still come up', async () => {
  const host = createFakeHost();
  host.failNext('nft.run', 'ETIMEDOUT');
  const report = await pass(host, model());
  expect(report.results.filter(({ outcome }) => outcome.status === 'blocked')).toEqual([]);
  expect(report.results.filter(({ outcome }) => outcome.status === 'failed').map((r) => r.operation.kind)).toEqual([
    'nftables',
  ]);
  expect((await pass(host, model())).inSync).toBe(true);
  expect(host.state.nft.size).toBe(1);
});

test('with firewall: nftables a failure is an error, and links wait', async () => {
  const host = createFakeHost();
  host.failNext('nft.run', FAULT.code);
  const report = await pass(host, model('nftables'));
  expect(report.inSync).toBe(false);
  expect(report.results.some(({ outcome }) => outcome.status === 'blocked')).toBe(true);
});

test.each([
  ['down', undefined],
  ['mesh.firewall: none', model('none')],
])('after a failure %s leaves no note of it, also if nft refuses again', async (_how, desired) => {
  const host = createFakeHost();
  host.failNext('nft.run', FAULT.code);
  await pass(host, model());
  host.failNext('nft.run', FAULT.code);
  const report = await pass(host, desired);
  expect(report.inSync).toBe(true);
  expect([...host.state.notes.keys()].filter((key) => key.startsWith('nftables'))).toEqual([]);
});

test('without it in the file the table is removed, and its note', async () => {
  const host = createFakeHost();
  await pass(host, model());
  await pass(host, model('none'));
  expect([host.state.nft.size, host.state.notes.has(`nftables:${TABLE}`)]).toEqual([0, false]);
});
