// Runs inside a namespace: one pass of only the bird resource on the real host. Input: a model as JSON; output: a report.
import { text } from 'node:stream/consumers';
import { reconcile } from '../../src/engine/reconcile.ts';
import { createLinuxHost } from '../../src/host/linux.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { bird } from '../../src/resources/bird/index.ts';

export interface DriverInput {
  /** left out: `down` */
  readonly model?: RouterModel;
  readonly adopt?: boolean;
}

export interface DriverReport {
  /** `done install ... # generation` */
  readonly steps: readonly string[];
  readonly failures: readonly string[];
  readonly impacts: readonly string[];
  readonly conditions: readonly string[];
  readonly foreign: readonly string[];
  readonly inSync: boolean;
}

const { model, adopt = false } = JSON.parse(await text(process.stdin)) as DriverInput;
const host = createLinuxHost();
const report = await reconcile(host, [bird], model, { adopt });
host.close();

const driverReport: DriverReport = {
  steps: report.results.map(({ operation, outcome }) => `${outcome.status} ${operation.command}`),
  failures: report.results.flatMap(({ outcome }) => (outcome.status === 'failed' ? [outcome.message] : [])),
  impacts: report.results.map(({ operation }) => operation.impact),
  conditions: report.conditions.map(({ code, message }) => `${code}: ${message}`),
  foreign: report.foreign.map(({ message }) => message),
  inSync: report.inSync,
};
console.log(JSON.stringify(driverReport));
