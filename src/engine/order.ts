// Sorts operations into the order of execution: by stage, then by kind as registered, then by key. Pure; any order of input
// gives the same plan. Operations of one object keep the order that its kind gave them.
import { compareText } from '../net/compare-text.ts';
import { stages } from './stages.ts';
import type { Operation } from './types.ts';

export function order(operations: readonly Operation[], kinds: readonly string[]): Operation[] {
  return operations
    .map((operation, index) => ({ operation, index }))
    .sort(
      (a, b) =>
        stages.indexOf(a.operation.stage) - stages.indexOf(b.operation.stage) ||
        kinds.indexOf(a.operation.kind) - kinds.indexOf(b.operation.kind) ||
        compareText(a.operation.key, b.operation.key) ||
        a.index - b.index,
    )
    .map(({ operation }) => operation);
}
