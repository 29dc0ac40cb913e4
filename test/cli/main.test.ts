// The program itself, as a process: no root, closed pipes, standard input.
import { spawn, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { isWireguardKey } from '../../src/net/names.ts';

// a busy machine needs time to start a process
vi.setConfig({ testTimeout: 60_000 });

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/**
 * If root runs the tests, the program runs as the checkout's owner or, if that is root, as an unmapped user of a new user
 * namespace: both can still read the checkout.
 */
function stepDown(): string[] {
  if (process.geteuid?.() !== 0) return [];
  const owner = statSync(main).uid;
  return owner === 0
    ? ['unshare', '--user']
    : ['setpriv', `--reuid=${owner}`, `--regid=${owner}`, '--clear-groups', '--inh-caps=-all'];
}

/** Through env(1), which works with and without a change of user. */
const before = [...stepDown(), process.execPath, main];

function wgospf(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync('env', [...before, ...args], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test.each(['plan', 'apply', 'status', 'down'])('%s works for an ordinary user', (name) => {
  const stderr = `wgospf ${name}: must be root (try: sudo wgospf ${name})\n`;
  expect(wgospf([name])).toEqual({ status: 4, stdout: '', stderr });
});

test('check works for an ordinary user', () => {
  const { status, stderr } = wgospf(['check', '/nowhere/state.yaml']);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\/nowhere\/state\.yaml:1:1: error\[file-missing\]/);
});

test('a usage error exits with 64', () => {
  expect(wgospf(['aply'])).toEqual({
    ...{ status: 64, stdout: '' },
    stderr: "wgospf: unknown command 'aply'\n(Did you mean apply?)\n",
  });
});

test('a key can be piped from genkey to pubkey', () => {
  const { stdout: key } = wgospf(['genkey']);
  const { status, stdout, stderr } = wgospf(['pubkey'], key);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(isWireguardKey(stdout.trim())).toBe(true);
});

test('a reader that ends early causes no error', async () => {
  const child = spawn('env', [...before, 'schema'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
