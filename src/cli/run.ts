// Runs one command line and turns whatever happens into text and an exit code. Never throws.
import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { isHostError } from '../host/error.ts';
import { CliError } from './cli-error.ts';
import type { Session } from './command.ts';
import type { Console } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { makeProgram } from './program.ts';

/** A system error below a HostError repeats that error's detail in Node's words. */
const isSystemError = (error: Error): boolean => 'syscall' in error;

/** An error and its causes on one line, without a stack and without control characters. */
function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const parts = [error.message];
  for (let e = error.cause; e instanceof Error; e = e.cause) if (!isSystemError(e)) parts.push(e.message);
  return parts.join(': ').replaceAll(/[\s\p{Cc}]+/gu, ' ');
}

/** Commander's help and version are not errors; everything else that it throws concerns the command line. */
const usageCode = (error: CommanderError): ExitCode => (error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);

function tell({ err }: Console, error: unknown): ExitCode {
  if (error instanceof CommanderError) return usageCode(error);
  if (error instanceof CliError) {
    err(error.message);
    return error.exitCode;
  }
  err(`wgospf: ${oneLine(error)}`);
  if (isHostError(error, 'EBUSY') && error.operation.includes('lock')) return exitCodes.busy;
  return isHostError(error, 'EXDEV') && error.operation.includes('network namespace')
    ? exitCodes.elsewhere
    : exitCodes.failed;
}

/** @param args without the program's own name */
export async function run(args: readonly string[], session: Session): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  try {
    await makeProgram(session, (finished) => (code = finished)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return tell(session, error);
  }
}
