// The process inside the namespace: runs the scenario that its argument names and prints the result.
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import { scenarios } from './scenarios.ts';

const name = process.argv[2] ?? '';
const run = scenarios[name];
if (run === undefined) throw new Error(`no scenario ${name}`);
const rtnl = createRtnetlink();
process.stdout.write(JSON.stringify(await run(rtnl)));
rtnl.close();
