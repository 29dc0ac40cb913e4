// A command has two files. commands/ declares it, and is loaded at once, for help and for mistakes in a command line;
// actions/ does its work, and is loaded with everything that it needs when the command was typed.
import type { Command } from 'commander';
import type { Console, Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** The session before a command is known. */
export interface Session extends Console {
  /** loads the rest of the program */
  readonly open: () => Promise<Context>;
}

/** Arguments and options as commander hands them on. */
export type Action<A extends readonly unknown[]> = (ctx: Context, ...args: A) => ExitCode | Promise<ExitCode>;

/** An action to be loaded as what commander calls. */
export type Act = <A extends readonly unknown[]>(load: () => Promise<Action<A>>) => (...args: A) => Promise<void>;

export type MakeCommand = (act: Act) => Command;

/** Commander ignores return values, so an exit code goes to `finish`. */
export type Finish = (code: ExitCode) => void;

/** All is loaded before the first step: an upgrade of the package takes the files away from a program that runs. */
export const actOn =
  (session: Session, finish: Finish): Act =>
  (load) =>
  async (...args) => {
    const [action, ctx] = await Promise.all([load(), session.open()]);
    finish(await action(ctx, ...args));
  };
