import { writeFile, chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { HostError } from '../../src/host/error.ts';
import { exitStatus, forkCount, run } from '../../src/host/processes.ts';
import { tempDir } from './temp-dir.ts';

const failureOf = async (promise: Promise<unknown>): Promise<HostError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (e: unknown) => e,
  );
  if (!(error instanceof HostError)) throw new Error(`expected a HostError, got ${String(error)}`);
  return error;
};

test.each([126, 127])(
  'with exit status %s the program cannot be run, and the package to reinstall is named',
  async (status) => {
    const folder = await tempDir();
    await writeFile(join(folder, 'wg'), `#!/bin/sh\necho 'libfoo.so: not found' >&2; exit ${status}\n`);
    await chmod(join(folder, 'wg'), 0o755);
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}:${path ?? ''}`;
    const error = await failureOf(run('wg', ['show']));
    process.env['PATH'] = path;
    expect(error.code).toBe(`EXIT_${status}`);
    expect(error.detail).toBe(
      `wg cannot be run (exit status ${status}): libfoo.so: not found; apt install --reinstall wireguard-tools`,
    );
  },
);

test('a program that hung is not started again for a while if so requested, and otherwise is', async () => {
  const hang = await failureOf(run('sleep', ['100'], { timeout: 50, shunned: true }));
  const before = forkCount();
  const refused = await failureOf(run('sleep', ['0'], { shunned: true }));
  expect([hang.code, refused.code, forkCount()]).toEqual(['ETIMEDOUT', 'ETIMEDOUT', before]);
  expect(refused.detail).toMatch(/^sleep gave no answer a moment ago/);
  expect(await run('sleep', ['0'])).toBe('');
});

test('a run returns standard output and counts the fork', async () => {
  const before = forkCount();
  expect(await run('printf', ['a\\tb'])).toBe('a\tb');
  expect(forkCount() - before).toBe(1);
});

test('arguments are passed unchanged, without a shell', async () => {
  expect(await run('printf', ['%s', '$(id) `id` ; | > "x"'])).toBe('$(id) `id` ; | > "x"');
});

test('a program gets PATH with sbin, LC_ALL=C and its own variables, and nothing else', async () => {
  process.env['WGOSPF_TEST_LEAK'] = 'x';
  const env = (await run('env', [], { env: { EXTRA: '1' } })).split('\n');
  delete process.env['WGOSPF_TEST_LEAK'];
  expect(env.map((l) => l.split('=')[0]).sort()).toEqual(['EXTRA', 'LC_ALL', 'PATH']);
  expect(env).toContain('LC_ALL=C');
  expect(env.find((l) => l.startsWith('PATH='))).toMatch(/:\/usr\/sbin:\/sbin$/);
});

test('input can be read from the descriptor and as /dev/stdin', async () => {
  expect(await run('cat', [], { input: 'one\ntwo\n' })).toBe('one\ntwo');
  expect(await run('cat', ['/dev/stdin'], { input: 'one\ntwo\n' })).toBe('one\ntwo');
  const big = 'x'.repeat(3_000_000);
  expect(await run('wc', ['-c', '/dev/stdin'], { input: big })).toBe('3000000 /dev/stdin');
});

test('without input standard input is empty, so that no program waits for a terminal', async () => {
  expect(await run('cat', [])).toBe('');
});

test('a failure has the exit status and the text of standard error, and not the input', async () => {
  const script = 'cat >/dev/null; echo out; echo "what went wrong" >&2; exit 3';
  const error = await failureOf(run('sh', ['-c', script], { operation: 'try it', input: 'SECRET' }));
  expect(error).toMatchObject({ operation: 'try it', code: 'EXIT_3', detail: 'what went wrong' });
  expect(exitStatus(error)).toBe(3);
  expect(JSON.stringify(error) + String(error.stack)).not.toContain('SECRET');
});

test('an error has standard output only on request, because that of wg has private keys', async () => {
  const args = ['-c', 'echo OUT; echo ERR >&2; exit 1'];
  expect((await failureOf(run('sh', args, { operation: 'x' }))).detail).toBe('ERR');
  const killed = await failureOf(run('sh', ['-c', 'echo OUT; kill -KILL $$'], { operation: 'x' }));
  expect(killed.message + String(killed.stack) + String(killed.cause)).not.toContain('OUT');
  const both = await failureOf(run('sh', args, { operation: 'x', complainsOnStdout: true }));
  expect(both.detail).toBe('ERR\nOUT');
});

test('a failure without a text has the exit status', async () => {
  expect(await failureOf(run('false', []))).toMatchObject({
    operation: 'false',
    code: 'EXIT_1',
    detail: 'false exited with status 1',
  });
});

test("a program that a signal ended is reported with the signal's name", async () => {
  const error = await failureOf(run('sh', ['-c', 'kill -KILL $$']));
  expect(error.code).toBe('SIGKILL');
  expect(exitStatus(error)).toBeUndefined();
});

test('a missing program is reported with its package', async () => {
  const path = process.env['PATH'] ?? '';
  process.env['PATH'] = '/nowhere';
  const error = await failureOf(run('wg-that-is-not-there', []));
  process.env['PATH'] = path;
  expect(error).toMatchObject({
    code: 'ENOENT',
    detail: 'the program wg-that-is-not-there is not installed: install it',
  });
});

test('a deadline ends a program that ignores SIGTERM', async () => {
  const dir = await tempDir();
  const script = join(dir, 'stubborn');
  await writeFile(script, `#!/bin/sh\ntrap '' TERM\necho $$ > ${dir}/pid\nwhile :; do sleep 0.1; done\n`);
  await chmod(script, 0o755);
  const error = await failureOf(run(script, [], { timeout: 300 }));
  expect(error.code).toBe('ETIMEDOUT');
  expect(error.detail).toContain('0.3 s');
  const pid = Number(await readFile(`${dir}/pid`, 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('at most eight programs run at once, and all of them run', async () => {
  const dir = await tempDir();
  const script = join(dir, 'worker');
  // each notes how many run beside it
  await writeFile(script, `#!/bin/sh\ntouch ${dir}/run.$1\nls ${dir} | grep -c '^run'\nsleep 0.1\nrm ${dir}/run.$1\n`);
  await chmod(script, 0o755);
  const counts = await Promise.all(Array.from({ length: 30 }, (_, i) => run(script, [String(i)])));
  expect(counts).toHaveLength(30);
  expect(Math.max(...counts.map(Number))).toBeLessThanOrEqual(8);
});

test('a failing program frees its slot', async () => {
  await Promise.all(Array.from({ length: 20 }, () => failureOf(run('false', []))));
  expect(await run('echo', ['still'])).toBe('still');
});
