// Runs a scenario in a network namespace of its own: a process of its own is the only way in, as a socket belongs to the
// namespace of the thread that opens it. With the process the namespace and all in it is gone.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const child = fileURLToPath(new URL('in-namespace.ts', import.meta.url));

/** What the scenario returns, by way of JSON. */
export async function runScenario(name: string): Promise<Record<string, unknown>> {
  const { stdout } = await promisify(execFile)('unshare', ['-n', process.execPath, child, name], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
