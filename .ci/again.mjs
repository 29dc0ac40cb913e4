// Runs once more, by themselves, the files with a failed test: the tests use real daemons on machines that others load as
// well. sum.mjs names the tests that needed it, so that an unsteady one is seen, and fails where one failed twice.
import { spawnSync } from 'node:child_process';
import { failedIn, kinds, readReport } from './reports.mjs';

const folder = process.argv[2];

/** More files than this fail by no accident. */
const MOST = 5;

for (const [kind, script] of Object.entries(kinds)) {
  const report = readReport(folder, kind) ?? new Map();
  const files = [...report].filter(([, tests]) => failedIn(tests).length > 0).map(([file]) => file);
  if (files.length === 0 || files.length > MOST) continue;
  const command = ['run', script, '--', ...files];
  console.log(`== npm ${command.join(' ')}  # once more`);
  spawnSync('npm', command, { stdio: 'inherit', env: { ...process.env, REPORT: `${kind}.again` } });
}
