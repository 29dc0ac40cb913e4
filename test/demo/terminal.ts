// The demo's output: headings, files, and commands with their output as an operator would see them on each router.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { styleText } from 'node:util';
import type { Namespace } from '../netns/lab/namespace.ts';

const write = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const heading = (text: string): void => write(`\n${styleText(['bold', 'cyan'], `== ${text}`)}`);
export const say = (text: string): void => write(text);
export const prompt = (where: Namespace, command: string): void =>
  write(`\n${styleText('bold', `${where.name}#`)} ${command}`);
export const file = (where: Namespace, path: string, text: string): void => {
  prompt(where, `cat ${path}`);
  write(text.trimEnd());
};

/** Runs a bash command line on the demo's own terminal, so it has colours; throws unless it exits as expected. */
export async function show(where: Namespace, command: string, expected = 0): Promise<void> {
  prompt(where, command);
  const [program = '', ...enter] = where.enter;
  const child = spawn(program, [...enter, 'bash', '-c', command], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, BASH_ENV: '/etc/bash.bashrc' }, // it defines wgospf
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== expected) throw new Error(`${where.name}# ${command}: exit ${String(code)}, expected ${expected}`);
}
