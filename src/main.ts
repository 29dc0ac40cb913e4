#!/usr/bin/env node
// The `wgospf` executable.
import { createContext } from './cli/create-context.ts';
import { run } from './cli/run.ts';

const ctx = createContext(process);
const code = await run(process.argv.slice(2), ctx);
ctx.close();
// Not left to the event loop: a name that is still being looked up cannot be given up, and would hold us for half a minute.
// A pipe takes what was written in its own time (`wgospf plan --json | less`), so that is waited for.
await Promise.all([process.stdout, process.stderr].map((out) => new Promise((done) => out.write('', done))));
process.exit(code);
