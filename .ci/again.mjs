// Runs once more, by themselves, the files with a failed test: the tests use real daemons on machines that others load as
// well. sum.mjs names the tests that needed it, so that an unsteady one is seen, and fails where one failed twice.
import { spawnSync } from 'node:child_process';
import { failedIn, kinds, readReport, timesOf } from './reports.mjs';

const [folder, elapsed] = process.argv.slice(2);
const begin = performance.now() - 1000 * Number(elapsed);

/** More files than this fail by no accident. */
const MOST = 5;
/** Milliseconds since CI began at which all of it must be over: what is cut off says nothing of all that was found. */
const END = 80 * 60_000;

for (const [kind, script] of Object.entries(kinds)) {
  const report = readReport(folder, kind) ?? new Map();
  const files = [...report].filter(([, tests]) => failedIn(tests).length > 0).map(([file]) => file);
  if (files.length === 0 || files.length > MOST) continue;
  const took = Math.max(...files.map((file) => timesOf(folder, kind).get(file) ?? 0));
  if (performance.now() - begin + took > END) {
    console.log(`== the failed ${kind} tests are not run once more: there is no time left for it`);
    continue;
  }
  const command = ['run', script, '--', ...files];
  console.log(`== npm ${command.join(' ')}  # once more`);
  spawnSync('npm', command, { stdio: 'inherit', env: { ...process.env, REPORT: `${kind}.again` } });
}
