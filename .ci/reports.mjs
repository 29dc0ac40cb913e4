// What vitest's JSON reports in a folder say: NAME.json of the first run, NAME.again.json of the second.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Kinds of tests, each with the npm script that runs it. */
export const kinds = {
  unit: 'test:unit',
  netns: 'test:netns',
  proof: 'test:proof',
  field: 'test:field',
  vm: 'test:vm',
};

/**
 * Each test file's tests, by the file's path; undefined where the run left no report. A file that does not load, or whose
 * preparation fails, counts as one failed test beside those that it did run.
 */
export function readReport(folder, name) {
  const files = filesOf(folder, name);
  return files && new Map(files.map((file) => [relative(process.cwd(), file.name), testsOf(file)]));
}

/** How long each test file took, in milliseconds, by its path. */
export const timesOf = (folder, name) =>
  new Map(
    (filesOf(folder, name) ?? []).map(({ name: path, startTime, endTime }) => [
      relative(process.cwd(), path),
      endTime - startTime,
    ]),
  );

function filesOf(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')).testResults;
  } catch {
    return undefined;
  }
}

function testsOf(file) {
  const tests = file.assertionResults.map(({ fullName, status, failureMessages }) => ({
    name: fullName,
    status: status === 'passed' || status === 'failed' ? status : 'skipped',
    said: failureMessages?.[0]?.split('\n')[0] ?? '',
  }));
  if (file.status === 'passed' || tests.some(({ status }) => status === 'failed')) return tests;
  return [...tests, { name: 'the file itself', status: 'failed', said: file.message.split('\n')[0] }];
}

export const failedIn = (tests) => tests.filter(({ status }) => status === 'failed');
