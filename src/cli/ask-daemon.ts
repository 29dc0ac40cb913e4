// Commands that only the daemon can carry out.
import { isNotRunning } from '../daemon/client.ts';
import { isHostError } from '../host/error.ts';
import { CliError } from './cli-error.ts';
import { exitCodes } from './exit-codes.ts';

export const NOT_RUNNING = 'the daemon does not run here: systemctl start wgospf';

/** What `question` gives; a daemon that does not run, or lets only others in, is a CliError. */
export async function askDaemon<T>(command: string, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (isNotRunning(error)) throw new CliError(`wgospf ${command}: ${NOT_RUNNING}`, exitCodes.notRunning);
    if (!isHostError(error, 'EACCES')) throw error;
    const cure = `must be root, or in the group wgospf to look (try: sudo wgospf ${command})`;
    throw new CliError(`wgospf ${command}: ${cure}`, exitCodes.notRoot);
  }
}
