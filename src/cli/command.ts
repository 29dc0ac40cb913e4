// The form of every file in commands/: a function that gives one commander command, bound to a context.
import type { Command } from 'commander';
import type { Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** Commander throws away what an action returns, so a command hands its exit code to `finish`. */
export type Finish = (code: ExitCode) => void;

export type MakeCommand = (ctx: Context, finish: Finish) => Command;
