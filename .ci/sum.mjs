// Sums what .ci/run left in a folder: NAME.exit of each step, vitest's JSON reports of the tests, and those of the files
// that were run once more, which count in the place of their first run. Names what failed, at both runs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failedIn, kinds, readReport } from './reports.mjs';

const folder = process.argv[2];
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const kind of Object.keys(kinds)) {
  const first = readReport(folder, kind);
  if (first === undefined) {
    console.log(`the ${kind} tests left no report`);
    sum.failed += 1;
    continue;
  }
  const second = readReport(folder, `${kind}.again`) ?? new Map();
  for (const [file, tests] of first) {
    const last = second.get(file) ?? tests;
    const failed = new Set(failedIn(last).map(({ name }) => name));
    for (const { name, said } of failedIn(tests)) {
      console.log(
        `${failed.has(name) ? 'failed' : 'unsteady, passed at its second run'}: ${file} > ${name}\n  ${said}`,
      );
    }
    for (const { status } of last) sum[status] += 1;
  }
}
for (const step of ['lint', 'demo']) {
  const failed = readFileSync(join(folder, `${step}.exit`), 'utf8').trim() !== '0';
  if (failed) console.log(`failed: ${step}`);
  sum[failed ? 'failed' : 'passed'] += 1;
}

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed + sum.skipped > 0 ? 1 : 0;
