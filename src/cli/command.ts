// A command is two files. commands/ has its words, which are there at once, for help and for mistakes in a command line;
// actions/ has what it does, with all that this needs, which is loaded when the command was typed.
import type { Command } from 'commander';
import type { Console, Context } from './context.ts';
import type { ExitCode } from './exit-codes.ts';

/** What there is before a command is known. */
export interface Session extends Console {
  /** loads the rest of the program */
  readonly open: () => Promise<Context>;
}

/** Arguments and options as commander hands them on. */
export type Action<A extends readonly unknown[]> = (ctx: Context, ...args: A) => ExitCode | Promise<ExitCode>;

/** An action to be loaded as what commander calls. */
export type Act = <A extends readonly unknown[]>(load: () => Promise<Action<A>>) => (...args: A) => Promise<void>;

export type MakeCommand = (act: Act) => Command;

/** Commander throws away what it is given back, so an exit code goes to `finish`. */
export type Finish = (code: ExitCode) => void;

/** All is loaded before the first step: an upgrade of the package takes the files away from a program that runs. */
export const actOn =
  (session: Session, finish: Finish): Act =>
  (load) =>
  async (...args) => {
    const [action, ctx] = await Promise.all([load(), session.open()]);
    finish(await action(ctx, ...args));
  };
