// A bird.conf of ours that somebody edits: the state file wins, and the edited file is saved.
import { beforeEach, expect, test } from 'vitest';
import { formatResult } from '../../src/cli/format/report.ts';
import { makeStyle } from '../../src/cli/style.ts';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { hostError } from '../fakes/fake-state.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { node111 } from './models.ts';

const CONF = '/etc/bird/bird.conf';
const COPY = `/var/lib/wgospf/bird${CONF}.edited-`;

let host: FakeHost;
beforeEach(async () => {
  host = createFakeHost();
  host.state.bird.configFile = CONF;
  await pass(node111());
});

const pass = (model: RouterModel | undefined): Promise<Report> => reconcile(host, [bird], model, { adopt: false });
const ours = (): string => renderBirdConf(node111());
const copies = (): string[] => [...host.state.files.keys()].filter((path) => path.startsWith(COPY));
const textsKept = (): (string | undefined)[] => copies().map((path) => host.state.files.get(path)?.text);
const edit = (n: number): string => {
  const text = `${ours()}# edit ${n}\nprotocol static {\n}\n`;
  writeFile(host.state, CONF, text);
  return text;
};

test('an edited file is overwritten, its copy is readable by root only, and the operation names the copy', async () => {
  const edited = edit(1);
  const report = await pass(node111());
  expect(report.inSync).toBe(true);
  expect(host.state.files.get(CONF)?.text).toBe(ours());
  expect(textsKept()).toEqual([edited]);
  const [copy = ''] = copies();
  expect(host.state.files.get(copy)?.stat.mode).toBe(0o600);
  const [written] = report.results;
  expect(written?.operation).toMatchObject({ keeps: copy });
  expect(written?.operation.command).toContain(`install -D -m 600 ${CONF} ${copy} && `);
  expect(written && formatResult(written, makeStyle(false))).toContain(`edited by hand: the edit is kept as ${copy}`);
});

test('a repeated edit is kept once, and of many edits the newest copies stay', async () => {
  for (let n = 0; n < 3; n++) {
    edit(1);
    await pass(node111());
  }
  expect(copies()).toHaveLength(1);
  for (let n = 2; n < 9; n++) {
    const edited = edit(n);
    await pass(node111());
    expect(textsKept()).toContain(edited);
  }
  expect(copies()).toHaveLength(5);
});

test('an unedited file leaves no copy, whatever the state file changes', async () => {
  await pass({ ...node111(), routerId: '10.69.9.9' });
  await pass(undefined);
  expect(copies()).toEqual([]);
});

test('down keeps a copy of an edited file', async () => {
  const edited = edit(1);
  await pass(undefined);
  expect(host.state.files.has(CONF)).toBe(false);
  expect(textsKept()).toEqual([edited]);
});

test('an edited file whose copy cannot be written is not overwritten', async () => {
  const edited = edit(1);
  host.onCall((call) => {
    if (call.name === 'files.write' && JSON.stringify(call.args).includes('.edited-'))
      throw hostError(call.name, 'ENOSPC');
  });
  expect((await pass(node111())).inSync).toBe(false);
  expect(host.state.files.get(CONF)?.text).toBe(edited);
});
