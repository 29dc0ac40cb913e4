// The bird.conf of BIRD's package is taken over without --adopt, and restored by down; an operator's file is never taken over.
import { createHash } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { node111 } from './models.ts';

const CONF = '/etc/bird/bird.conf';
const KEPT = `/var/lib/wgospf/bird${CONF}.before-wgospf`;
const packaged = 'log syslog all;\nprotocol device {\n}\nprotocol kernel {\n\tipv4 { export all; };\n}\n';
const digest = createHash('md5').update(packaged).digest('hex');

let host: FakeHost;
beforeEach(() => {
  host = createFakeHost();
  writeFile(host.state, CONF, packaged, { mode: 0o640 });
  host.state.bird.configFile = CONF;
});

const pass = (model: RouterModel | undefined): Promise<Report> => reconcile(host, [bird], model, { adopt: false });
const text = (path: string): string | undefined => host.state.files.get(path)?.text;
const record = (path: string, content: string): void => writeFile(host.state, path, content);

const records: [string, string, string][] = [
  ['ucf', '/var/lib/ucf/hashfile', `0123456789abcdef0123456789abcdef  /etc/other.conf\n${digest}  ${CONF}\n`],
  [
    'dpkg, as a conffile',
    '/var/lib/dpkg/status',
    `Package: bird2\nVersion: 2.0\nConffiles:\n /etc/bird/envvars 0123456789abcdef0123456789abcdef\n ${CONF} ${digest}\nDescription: BIRD\n`,
  ],
];

test.each(records)('a bird.conf that %s recorded is taken over, kept and restored', async (_by, path, content) => {
  record(path, content);
  const { results, inSync, foreign } = await pass(node111());
  expect({ inSync, foreign }).toEqual({ inSync: true, foreign: [] });
  expect(results.map(({ operation }) => operation.command)[0]).toContain(
    `install -D -m 600 ${CONF} ${KEPT} && install`,
  );
  // BIRD routed nothing by it
  expect(results.map(({ operation }) => operation.impact)).toEqual(['none', 'none']);
  expect([text(CONF), text(KEPT)]).toEqual([renderBirdConf(node111()), packaged]);
  await pass(undefined);
  expect([text(CONF), text(KEPT)]).toEqual([packaged, undefined]);
});

test('a takeover is announced before it happens, and not repeated afterwards', async () => {
  record(records[0]?.[1] ?? '', records[0]?.[2] ?? '');
  const { conditions } = await bird.observe(host, node111());
  expect(conditions).toEqual([
    {
      code: 'bird-conf-packaged',
      severity: 'info',
      subject: CONF,
      message: `${CONF} is as BIRD's package installed it, and is taken over; it is kept as ${KEPT}`,
    },
  ]);
  expect((await pass(node111())).conditions).toEqual([]);
});

test.each([
  [
    'edited since',
    () => record('/var/lib/ucf/hashfile', `${createHash('md5').update('other').digest('hex')}  ${CONF}\n`),
  ],
  ['of no package', () => undefined],
  // if both know the file, ucf decides: dpkg's line may be of an older package
  [
    'as dpkg knew it before ucf took over',
    () => {
      record('/var/lib/ucf/hashfile', `${createHash('md5').update('newer').digest('hex')}  ${CONF}\n`);
      record('/var/lib/dpkg/status', ` ${CONF} ${digest} obsolete\n`);
    },
  ],
])('%s: the file is in the way and not changed', async (_what, prepare) => {
  prepare();
  const { results, foreign, conditions } = await pass(node111());
  expect({ results, blocking: foreign.map((f) => f.blocking) }).toEqual({ results: [], blocking: [true] });
  expect(conditions.map(({ code }) => code)).toEqual(['bird-conf-foreign']);
  expect(text(CONF)).toBe(packaged);
});

test('down without an earlier apply does not change the file', async () => {
  record(records[0]?.[1] ?? '', records[0]?.[2] ?? '');
  expect((await pass(undefined)).results).toEqual([]);
  expect(text(CONF)).toBe(packaged);
});
