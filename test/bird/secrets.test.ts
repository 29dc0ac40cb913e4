// OSPF's passwords: a file beside bird.conf that bird.conf includes, written from the operator's files and never shown.
import { writeFile as writeReal, readFile, stat } from 'node:fs/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import type { Report } from '../../src/engine/types.ts';
import { createSecrets } from '../../src/host/bird/secrets.ts';
import { createFiles } from '../../src/host/files.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';
import { writeFile } from '../fakes/fake-files.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import { tempDir } from '../host/temp-dir.ts';
import { node111 } from './models.ts';

const SECRETS = '/var/lib/wgospf/bird/etc/bird/bird.conf.secrets';
const PASSWORD = '/etc/wgospf/keys/wg222.ospf';

let host: FakeHost;
beforeEach(() => {
  host = createFakeHost();
  writeFile(host.state, PASSWORD, 'hidden one\n', { mode: 0o600 });
});

const guarded = node111({ bird: { secrets: [{ constant: 'secret_1', file: PASSWORD }] } });
const pass = (model: RouterModel | undefined): Promise<Report> => reconcile(host, [bird], model, { adopt: false });
const text = (path: string): string | undefined => host.state.files.get(path)?.text;
const loaded = (): string => host.state.bird.loaded;
const commands = ({ results }: Report): string[] => results.map(({ operation }) => operation.command);

test('the passwords are written before bird.conf and taken with it', async () => {
  const report = await pass(guarded);
  expect(report.inSync).toBe(true);
  expect(commands(report)[0]).toMatch(
    /^install .* \/dev\/stdin \/var\/lib\/wgospf\/bird\/etc\/bird\/bird\.conf\.secrets && install .*bird\.conf/,
  );
  expect(host.state.files.get(SECRETS)?.stat).toEqual({ mode: 0o640, uid: 0, gid: 107 });
  expect(loaded()).toContain('define secret_1 = "hidden one";');
  expect((await pass(guarded)).results).toEqual([]);
  expect(JSON.stringify(report)).not.toContain('hidden one');
});

test('a changed password is taken by BIRD, and nothing else changes', async () => {
  await pass(guarded);
  writeFile(host.state, PASSWORD, 'hidden two\n');
  const report = await pass(guarded);
  expect(report).toMatchObject({ inSync: true });
  expect(report.results.map(({ operation }) => operation.impact)).toEqual(['none', 'none']);
  expect(commands(report)[0]).toMatch(/# generation \w+: passwords$/);
  expect(loaded()).toContain('define secret_1 = "hidden two";');
  expect(JSON.stringify(report)).not.toContain('hidden two');
});

test('a file with which BIRD does not work well is undone, in the file and in BIRD', async () => {
  host.state.bird.neighbors = ['10.70.89.1 wg222'];
  await pass(guarded);
  const before = text(SECRETS);
  writeFile(host.state, PASSWORD, 'hidden two\n');
  host.state.bird.breaks = 'hidden two';
  const report = await pass(guarded);
  expect(report.results.map(({ outcome }) => outcome.status)).toEqual(['done', 'failed']);
  expect(text(SECRETS)).toBe(before);
  expect(loaded()).toContain('hidden one');
  expect([...host.state.files.keys()].filter((path) => path.endsWith('last-good'))).toEqual([]);
});

test('a missing password file is named, and everything stays as it was', async () => {
  await pass(guarded);
  const before = [text(SECRETS), text('/etc/bird/bird.conf')];
  host.state.files.delete(PASSWORD);
  const report = await pass(guarded);
  expect(report.results[0]?.outcome).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(PASSWORD) as string,
  });
  expect([text(SECRETS), text('/etc/bird/bird.conf')]).toEqual(before);
});

test('without passwords, or on down, the file is removed once BIRD does not include it', async () => {
  for (const model of [node111(), undefined]) {
    await pass(guarded);
    expect(await pass(model)).toMatchObject({ inSync: true });
    expect(text(SECRETS)).toBeUndefined();
  }
});

test('a file that was edited by hand, or that BIRD took in another version, is corrected', async () => {
  await pass(guarded);
  writeFile(host.state, SECRETS, (text(SECRETS) ?? '').replace('hidden one', 'other'));
  await host.bird.command('', 'configure');
  expect(await pass(guarded)).toMatchObject({ inSync: true });
  expect(loaded()).toContain('hidden one');
});

test(
  'after any single failed call, before or after its effect, the next pass converges',
  { timeout: 60_000 },
  async () => {
    const prepare = async (): Promise<void> => {
      host = createFakeHost();
      writeFile(host.state, PASSWORD, 'hidden one\n');
      await pass(guarded);
      writeFile(host.state, PASSWORD, 'hidden two\n');
    };
    await prepare();
    const start = host.calls.length;
    await pass(guarded);
    const count = host.calls.length - start;
    for (let n = 0; n < count; n++) {
      for (const after of [false, true]) {
        await prepare();
        host.failCall(n, 'EIO', { after });
        await pass(guarded).catch(() => undefined);
        host.clear();
        expect((await pass(guarded)).inSync, `call ${n}`).toBe(true);
        expect(loaded(), `call ${n}`).toContain('hidden two');
        expect(
          [...host.state.files.keys()].filter((path) => path.endsWith('last-good')),
          `call ${n}`,
        ).toEqual([]);
      }
    }
  },
);

describe("the host's secrets", () => {
  const secrets = createSecrets(createFiles());
  test('contain constants and a new random number per write, with mode 0640', async () => {
    const folder = await tempDir();
    const [file, password] = [`${folder}/secrets.conf`, `${folder}/one`];
    await writeReal(password, 'a word, and another\n');
    const sources = [{ constant: 'c1', file: password }];
    expect(await secrets.state(file, sources)).toBeUndefined();
    await secrets.write(file, sources, 'root');
    const first = await secrets.state(file, sources);
    expect(first).toMatchObject({ right: true });
    expect(await readFile(file, 'utf8')).toMatch(
      /^# Managed by wgospf.*\ndefine wgospf_secrets = "\w{16}";\ndefine c1 = "a word, and another";\n$/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    await secrets.write(file, sources, 'root');
    expect((await secrets.state(file, sources))?.nonce).not.toBe(first?.nonce);
    await writeReal(password, 'third');
    expect(await secrets.state(file, sources)).toMatchObject({ right: false });
  });

  test.each(['', 'two\nlines', 'a "quote"'])('refuse %j without showing it', async (password) => {
    const folder = await tempDir();
    await writeReal(`${folder}/one`, password);
    const sources = [{ constant: 'c1', file: `${folder}/one` }];
    const error: unknown = await secrets.write(`${folder}/s`, sources, 'root').catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'EINVAL', detail: 'a password is one line without quotes (")' });
  });
});
