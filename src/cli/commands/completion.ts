// `wgospf completion bash|zsh|fish`: a script for the shell, made from the commands themselves.
import { Argument, Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { completionTree } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { exitCodes } from '../exit-codes.ts';

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const names = Object.keys(shells) as (keyof typeof shells)[];

export const completionCommand: MakeCommand = (ctx, finish) =>
  new Command('completion')
    .summary('print a completion script')
    .description('Print a completion script, for bash: source <(wgospf completion bash)')
    .addArgument(new Argument('<shell>', 'which shell').choices(names))
    .action((shell: keyof typeof shells, _options: unknown, command: Command) => {
      ctx.out(shells[shell](completionTree(command.parent ?? command)));
      finish(exitCodes.ok);
    });
