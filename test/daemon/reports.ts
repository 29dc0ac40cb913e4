// Short reports of passes.
import type { Condition, Operation, Report, Result } from '../../src/engine/types.ts';

export const operation = (kind: string, key: string): Operation => ({
  ...{ kind, key, stage: 'rule-add', action: 'create', command: `make ${key}`, impact: 'none' },
  payload: undefined,
});

export const done = (kind: string, key: string): Result => ({
  operation: operation(kind, key),
  outcome: { status: 'done', ms: 1 },
});

export const failed = (kind: string, key: string): Result => ({
  operation: operation(kind, key),
  outcome: { status: 'failed', code: 'EBUSY', message: 'busy', ms: 1 },
});

export const condition = (code: string, subject: string): Condition => ({
  ...{ code, subject, severity: 'warning', message: `${code} ${subject}` },
});

export const report = (parts: Partial<Report> = {}): Report => ({
  ...{ generation: 'g', results: [], remaining: [], waiting: [], foreign: [], conditions: [], inSync: true },
  ...parts,
});
