// `wgospf completion bash|zsh|fish`: a script for the shell, made from the commands themselves.
import type { Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completionTree } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { Context } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Shell } from '../options.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

export function completion(ctx: Context, shell: Shell, _options: unknown, command: Command): ExitCode {
  ctx.out(scripts[shell](completionTree(command.parent ?? command)));
  return exitCodes.ok;
}
