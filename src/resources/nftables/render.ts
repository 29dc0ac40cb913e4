// The table as a script of nft(8): one transaction that replaces the present table. Pure.
import { MESH_SET, TABLE, type ChainSpec, type NftablesSpec } from './spec.ts';

/** `table` makes the table if it is missing, so that `delete` finds one. */
export const deleteScript: string = `table ${TABLE}\ndelete table ${TABLE}\n`;

const chainLines = ({ name, hook, priority, policy, rules }: ChainSpec): string[] => [
  `  chain ${name} {`,
  `    type filter hook ${hook} priority ${priority}; policy ${policy};`,
  ...rules.map(({ text, comment }) => `    ${text} comment "${comment}"`),
  '  }',
];

export function renderScript({ interfaces, chains }: NftablesSpec): string {
  const elements = interfaces.map((name) => `"${name}"`).join(', ');
  return [
    `${deleteScript}table ${TABLE} {`,
    `  set ${MESH_SET} {`,
    '    type ifname',
    ...(interfaces.length === 0 ? [] : [`    elements = { ${elements} }`]),
    '  }',
    ...chains.flatMap(chainLines),
    '}',
    '',
  ].join('\n');
}
