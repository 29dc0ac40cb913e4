// Sums what .ci/run left in a folder: NAME.exit of each step, and vitest's JSON reports of the step `test`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
const sum = { passed: 0, failed: 0, skipped: 0 };

for (const name of ['unit', 'netns']) {
  try {
    const report = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
    sum.passed += report.numPassedTests;
    sum.failed += report.numFailedTests;
    sum.skipped += report.numPendingTests + report.numTodoTests;
  } catch {
    console.log(`the ${name} tests left no report`);
    sum.failed += 1;
  }
}
for (const step of ['lint', 'demo', 'test']) {
  const failed = readFileSync(join(folder, `${step}.exit`), 'utf8').trim() !== '0';
  if (failed) console.log(`failed: ${step}`);
  // tests are counted one by one above; a file that does not even load fails without a failed test
  if (step !== 'test') sum[failed ? 'failed' : 'passed'] += 1;
  else if (failed && sum.failed === 0) sum.failed += 1;
}

console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.failed + sum.skipped > 0 ? 1 : 0;
