// A plan as the text of a plan.txt: one operation a line, then waiting operations, foreign objects and conditions.
import type { Operation, Plan } from '../../src/engine/types.ts';

const operationLine = ({ stage, command, impact }: Operation): string =>
  `${stage.padEnd(15)} ${command.replaceAll('\n', `\n${' '.repeat(16)}`)}${impact === 'none' ? '' : `  [${impact}]`}`;

export function printPlan({ operations, waiting, foreign, conditions }: Plan): string {
  const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', `# ${title}`, ...lines]);
  const lines = [
    ...(operations.length === 0 ? ['# nothing to do'] : operations.map(operationLine)),
    ...section(
      'waiting',
      waiting.map(({ operation, missing }) => `${operationLine(operation)}  <- ${missing}`),
    ),
    ...section(
      'foreign',
      foreign.map(({ kind, key, message, blocking }) => `${blocking ? 'blocking' : 'beside'} ${kind}:${key}: ${message}`),
    ),
    ...section(
      'conditions',
      conditions.map(({ severity, code, subject, message }) => `${severity} ${code} ${subject}: ${message}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}
