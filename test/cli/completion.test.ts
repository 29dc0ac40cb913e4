// Completion scripts: made from the commands, accepted by the installed shells, and right in bash.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { completionTree } from '../../src/cli/completion/tree.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { run } from '../../src/cli/run.ts';
import { fakeContext } from './fake-context.ts';

// a busy machine needs time to start a process
vi.setConfig({ testTimeout: 60_000 });

async function script(shell: string): Promise<string> {
  const ctx = fakeContext();
  expect(await run(['completion', shell], ctx)).toBe(0);
  return ctx.stdout();
}

const hasShell = (name: string): boolean => spawnSync(name, ['-c', ':']).error === undefined;

const commands = [
  'check',
  'plan',
  'apply',
  'status',
  'leak-check',
  'show',
  'down',
  'run',
  'reload',
  'hold',
  'resume',
  'watch',
  'genkey',
  'pubkey',
  'schema',
  'version',
];

test.each(['bash', 'zsh', 'fish'].filter((shell) => shell === 'bash' || hasShell(shell)))(
  '%s accepts the script',
  async (shell) => {
    // from a file: fish 3.6 reads no script from a socket, which is Node's standard input
    const file = join(mkdtempSync(join(tmpdir(), 'completion-')), shell);
    onTestFinished(() => rmSync(dirname(file), { recursive: true }));
    writeFileSync(file, await script(shell));
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  },
);

test.each(['bash', 'zsh', 'fish'])('the script for %s has every command and option', async (shell) => {
  const text = await script(shell);
  for (const name of [...commands, 'completion']) expect(text).toMatch(new RegExp(`\\b${name}\\b`));
  for (const option of ['adopt', 'json', 'state', 'log-level'])
    expect(text).toMatch(new RegExp(`(--|-l )${option}\\b`));
});

/** The completions that bash offers for these words; the last one is being typed. */
async function complete(...words: string[]): Promise<string[]> {
  const lines = [
    await script('bash'),
    `COMP_WORDS=(${words.map((w) => `'${w}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_wgospf',
    `printf '%s\\n' "\${COMPREPLY[@]}"`,
  ];
  const { stdout } = spawnSync('bash', ['--norc'], {
    input: lines.join('\n'),
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
  return stdout.split('\n').filter((l) => l !== '');
}

test('bash completes commands, options, shells and files', async () => {
  expect(await complete('wgospf', 's')).toEqual(['status', 'show', 'schema']);
  expect(await complete('wgospf', 'plan', '--')).toEqual(['--state', '--adopt', '--json', '--help']);
  expect(await complete('wgospf', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await complete('wgospf', 'check', 'completion.t')).toEqual(['completion.test.ts']);
  expect(await complete('wgospf', 'plan', '--state', 'completion.t')).toEqual(['completion.test.ts']);
  expect(await complete('wgospf', 'help', 'sch')).toEqual(['schema']);
});

test('bash completes the values of an option, and no files', async () => {
  expect(await complete('wgospf', 'run', '--log', '')).toEqual(['journal', 'plain', 'json']);
  expect(await complete('wgospf', 'run', '--log-level', 'n')).toEqual(['notice']);
  expect(await complete('wgospf', 'bird', '--for', '')).toEqual(['2', '3', '1.6']);
});

test.each([
  ['fish', /from run' --log-level|from run' -l log-level -x -a 'err warning notice info debug'/],
  ['zsh', /--log-level\[[^\]]+\]:word:\(err warning notice info debug\)/],
])('%s completes the values of an option, and no files', async (shell, words) => {
  expect(await script(shell)).toMatch(words);
});

test('an option with a fixed set of values is not completed with file names', () => {
  const flags = completionTree(makeProgram(fakeContext(), () => undefined)).flatMap((command) => command.flags);
  expect(flags.filter(({ file, choices }) => file && choices.length > 0)).toEqual([]);
  expect(flags.filter(({ file }) => file).map(({ names }) => names)).toEqual(
    expect.arrayContaining([['-s', '--state']]) as unknown,
  );
});
