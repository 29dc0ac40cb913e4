#!/usr/bin/env node
// The `wgospf` executable.
import { createContext } from './cli/create-context.ts';
import { run } from './cli/run.ts';

const ctx = createContext(process);
process.exitCode = await run(process.argv.slice(2), ctx);
ctx.close();
