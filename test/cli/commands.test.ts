// The small commands and the command line itself: which output goes where, and the exit codes.
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { loadFile } from '../../src/cli/load-file.ts';
import { run } from '../../src/cli/run.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';
import { HostError } from '../../src/host/error.ts';
import { derivePublicKey } from '../../src/host/wg/key.ts';
import { isWireguardKey } from '../../src/net/names.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { fakeContext } from './fake-context.ts';
import { model } from './samples.ts';

const problem: Diagnostic = {
  ...{ file: 'state.yaml', line: 2, col: 7, length: 4, severity: 'error', code: 'unknown-key' },
  ...{ message: 'no such key', hint: 'mesh', path: 'mush' },
};
const text = 'version: 1\nmush: nycm\n';
const shown = `state.yaml:2:7: error[unknown-key]: no such key
   2 | mush: nycm
     |       ^^^^
  write: mesh`;

const bad = (over: Partial<Context> = {}) =>
  fakeContext({ load: () => Promise.resolve({ model: undefined, diagnostics: [problem], text }), ...over });
const warned = () =>
  fakeContext({
    load: () => Promise.resolve({ model: model(), diagnostics: [{ ...problem, severity: 'warning' }], text }),
  });

test('check of a good file counts its parts', async () => {
  const ctx = fakeContext({ root: false });
  expect(await run(['check', 'state.yaml'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe('state.yaml: ok (2 tunnels, 0 interfaces, 0 warnings)');
  expect(ctx.stderr()).toBe('');
});

test('check prints every problem on standard error', async () => {
  const ctx = bad();
  expect(await run(['check', 'state.yaml'], ctx)).toBe(1);
  expect(ctx.stderr()).toBe(shown);
  expect(ctx.stdout()).toBe('');
});

test('a warning is printed and counted, and does not change the exit code', async () => {
  const ctx = warned();
  expect(await run(['check', 'state.yaml'], ctx)).toBe(0);
  expect(ctx.stderr()).toContain('warning[unknown-key]');
  expect(ctx.stdout()).toBe('state.yaml: ok (2 tunnels, 0 interfaces, 1 warning)');
});

test('check --json prints one document', async () => {
  const ctx = bad();
  expect(await run(['check', 'state.yaml', '--json'], ctx)).toBe(1);
  expect(JSON.parse(ctx.stdout())).toEqual({
    ...{ file: 'state.yaml', ok: false, tunnels: null, interfaces: null, host: null },
    diagnostics: [problem],
  });
});

test('check and other commands use the installed file if no file is named', async () => {
  const seen: string[] = [];
  const load: Context['load'] = (file) => (seen.push(file), Promise.resolve({ model: model(), diagnostics: [], text }));
  for (const command of [['check'], ['plan'], ['apply'], ['status'], ['show', '--resolved']]) {
    await run(command, fakeContext({ load }));
  }
  expect(seen).toEqual(Array(5).fill('/etc/wgospf/state.yaml'));
});

test.each([['plan'], ['apply'], ['show', '--resolved']])('a bad file gives exit code 3: %s', async (...args) => {
  const ctx = bad();
  expect(await run(args, ctx)).toBe(3);
  expect(ctx.stderr()).toBe(`${shown}\n/etc/wgospf/state.yaml: 1 error; nothing was changed`);
});

test.each(['plan', 'apply', 'status', 'down'])('%s needs root', async (command) => {
  const host = () => {
    throw new Error('no host is needed to say so');
  };
  const ctx = fakeContext({ root: false, host });
  expect(await run([command], ctx)).toBe(4);
  expect(ctx.stderr()).toBe(`wgospf ${command}: must be root (try: sudo wgospf ${command})`);
});

test('show prints a complete state file, with and without --resolved, and as JSON', async () => {
  const texts = [['show'], ['show', '--resolved'], ['show', '--json']].map(async (args) => {
    const ctx = fakeContext();
    expect(await run(args, ctx)).toBe(0);
    return ctx.stdout();
  });
  const [plain = '', resolved, json = ''] = await Promise.all(texts);
  expect(plain).toMatch(/^version: 1$/m);
  expect(resolved).toBe(plain);
  expect(JSON.parse(json)).toEqual(parse(plain));
});

test('check takes the file as an argument and with -s', async () => {
  const seen: string[] = [];
  const load: Context['load'] = (file) => (seen.push(file), Promise.resolve({ model: model(), diagnostics: [], text }));
  for (const args of [['a.yaml'], ['-s', 'a.yaml'], ['--state', 'a.yaml'], ['a.yaml', '-s', 'a.yaml'], ['-']])
    expect(await run(['check', ...args], fakeContext({ load }))).toBe(0);
  expect(seen).toEqual([...Array<string>(4).fill('a.yaml'), '-']);
});

test('- reads the text from standard input, with the key files of the installed file', async () => {
  const host = createFakeHost();
  host.run('wg genkey > /etc/wgospf/keys/wg222.key');
  const own = await host.keys.publicKeyOf('/etc/wgospf/keys/wg222.key');
  const readInput = (): Promise<string> =>
    Promise.resolve(
      `version: 1\nrouter: {node: 111}\nmesh: {table: {name: m, id: 2}, prefixes: [10.70.0.0/16]}\ntunnels:\n  wg222:\n    address: 10.70.89.0/31\n    listenPort: 51825\n    peer: {publicKey: ${own}}\n`,
    );
  const { model: none, diagnostics } = await loadFile(host, '-', { root: true, readInput });
  expect(none).toBeUndefined();
  expect(diagnostics).toMatchObject([{ file: '-', line: 8, code: 'own-key' }]);
});

test('genkey prints a private key, and pubkey prints its public key', async () => {
  const ctx = fakeContext();
  await run(['genkey'], ctx);
  const key = ctx.stdout();
  expect(isWireguardKey(key)).toBe(true);
  const other = fakeContext({ readInput: () => Promise.resolve(`${key}\n`) });
  expect(await run(['pubkey'], other)).toBe(0);
  expect(other.stdout()).toBe(derivePublicKey(key));
});

test('genkey FILE prints only the public key and never overwrites a file', async () => {
  const ctx = fakeContext();
  expect(await run(['genkey', '/etc/wgospf/keys/a.key'], ctx)).toBe(0);
  const key = ctx.stdout();
  expect(isWireguardKey(key)).toBe(true);
  expect(await run(['pubkey', '/etc/wgospf/keys/a.key'], ctx)).toBe(0);
  expect(ctx.stdout()).toBe(`${key}\n${key}`);
  expect(await run(['genkey', '/etc/wgospf/keys/a.key'], ctx)).toBe(1);
  expect(ctx.stderr()).toMatch(/^wgospf genkey: \/etc\/wgospf\/keys\/a\.key exists and is not overwritten/);
});

test('pubkey refuses an empty input and a text that is not a key', async () => {
  const ctx = fakeContext({ readInput: () => Promise.resolve('hello\n') });
  expect(await run(['pubkey'], ctx)).toBe(1);
  expect(await run(['pubkey', '/nowhere'], ctx)).toBe(1);
  expect(ctx.stderr()).toBe(`wgospf pubkey: standard input is not a private key (32 bytes in base64)
wgospf pubkey: /nowhere does not exist; to print that of a live tunnel: wg show TUNNEL public-key; to make a new key: wgospf genkey /nowhere)`);
});

test('schema prints a JSON Schema', async () => {
  const ctx = fakeContext();
  expect(await run(['schema'], ctx)).toBe(0);
  expect(JSON.parse(ctx.stdout())).toMatchObject({
    type: 'object',
    required: expect.arrayContaining(['version']) as unknown,
  });
});

test('version prints the versions of the installed programs', async () => {
  const ctx = fakeContext();
  expect(await run(['version'], ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/^wgospf \d+\.\d+\.\d+\nNode \d+\.\d+\.\d+\nBIRD 2\.0\.12\nWireGuard of the kernel$/);
});

test.each([
  [['aply'], "wgospf: unknown command 'aply'\n(Did you mean apply?)"],
  [['plan', '--jsno'], "wgospf: unknown option '--jsno'\n(Did you mean --json?)"],
  [['check', 'a', '-s', 'b'], 'wgospf check: one state file at a time, by its name or by -s'],
  [['check', 'a', 'b'], "wgospf: too many arguments for 'check'. Expected 1 argument but got 2: a, b."],
  [['completion', 'ksh'], /^wgospf: .*'ksh' is invalid.*bash, zsh, fish/],
  [[], /^Usage: wgospf/],
])('%j is a usage error', async (args, message) => {
  const ctx = fakeContext();
  expect(await run(args, ctx)).toBe(64);
  expect(ctx.stderr()).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
  expect(ctx.stdout()).toBe('');
});

test('help exits with 0', async () => {
  const ctx = fakeContext();
  expect(await run(['--help'], ctx)).toBe(0);
  expect(ctx.stdout()).toMatch(/Exit codes:[^]*64 {2}usage error/);
});

test('an error and its causes are printed as one line without a stack', async () => {
  const cause = new Error('netlink: short read');
  const error = new HostError({ operation: 'dump links', code: 'EIO', detail: 'no answer', cause });
  const ctx = fakeContext({ makePlan: () => Promise.reject(error) });
  expect(await run(['plan'], ctx)).toBe(1);
  expect(ctx.stderr()).toBe('wgospf: dump links: no answer (EIO): netlink: short read');
});

test('a system error below a HostError is printed once, without control characters', async () => {
  const cause = Object.assign(new Error('listen EADDRINUSE \0name'), { syscall: 'listen' });
  const error = new HostError({ operation: 'take the\0 lock', code: 'EBUSY', detail: 'busy\nhere', cause });
  const ctx = fakeContext({ takeLock: () => Promise.reject(error) });
  expect(await run(['apply'], ctx)).toBe(5);
  expect(ctx.stderr()).toBe('wgospf: take the lock: busy here (EBUSY)');
});
