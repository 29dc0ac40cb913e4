// The parts of a report that are not done, one line each.
import type { Report } from '../../src/engine/types.ts';

export function troublesOf({ results, remaining }: Report): string[] {
  const unfinished = results.flatMap(({ operation: { command }, outcome }) => {
    if (outcome.status === 'done') return [];
    return [outcome.status === 'failed' ? `${command}: ${outcome.message}` : `${command}: blocked by ${outcome.by}`];
  });
  const left = remaining.map(({ command }) => `remains: ${command}`);
  return [...unfinished, ...left];
}
