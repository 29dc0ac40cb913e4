// The console that is this process, and the way to all else.
import type { WriteStream } from 'node:tty';
import type { Session } from './command.ts';
import type { Console } from './context.ts';
import type { OwnContext } from './create-context.ts';
import { makeStyle, wantsColour } from './style.ts';

/** A reader that went away (`wgospf plan | head -1`) must not end an apply half-way: what it does not want is dropped. */
function writerTo(stream: WriteStream): (text: string) => void {
  let open = true;
  stream.on('error', () => (open = false));
  return (line) => {
    if (open) stream.write(`${line}\n`);
  };
}

export interface OwnSession extends Session {
  /** gives back what was opened */
  readonly close: () => void;
}

export function createSession(process: NodeJS.Process): OwnSession {
  const { stdout, stderr, env } = process;
  const console: Console = {
    out: writerTo(stdout),
    err: writerTo(stderr),
    style: makeStyle(wantsColour(stdout.isTTY, env)),
  };
  let opened: OwnContext | undefined;
  return {
    ...console,
    open: async () => (opened ??= (await import('./create-context.ts')).createContext(process, console)),
    close: () => opened?.close(),
  };
}
