// The whole life of the program as a process: one command line, its exit code.
import { createSession } from './create-session.ts';
import { run } from './run.ts';

/** Does not return. */
export async function main(process: NodeJS.Process): Promise<never> {
  const session = createSession(process);
  const code = await run(process.argv.slice(2), session);
  session.close();
  // Not left to the event loop: a name that is still being looked up cannot be given up, and would hold us for half a minute.
  // A pipe takes what was written in its own time (`wgospf plan --json | less`), so that is waited for.
  await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
  process.exit(code);
}
