// RouterModel -> the text of bird.conf, for BIRD 1.6 or for 2 and 3. Pure; the same model gives the same bytes.
// Every protocol has a name: a renamed protocol restarts, and BIRD numbers protocols without a name by their order.
import type { BirdDialect, RouterModel } from '../../model/types.ts';
import type { Family } from '../../net/ip.ts';
import { withHeader } from './header.ts';
import { protocol } from './lines.ts';
import { bfdSection } from './render-bfd.ts';
import { ospfSection } from './render-ospf.ts';
import { directSection, kernelSection, originateSection, type Part } from './render-tables.ts';

/** `dialect`: another one than the model's shows what the file would be; `unsupported` lists what 1.6 cannot do. */
export function renderBirdConf(model: RouterModel, dialect: BirdDialect = model.bird.dialect): string {
  const sections = [
    ['log syslog all;'],
    ['# router', `router id ${model.routerId};`],
    secretsSection(model),
    snippetSection(model),
    protocol('device device1', [`scan time ${model.bird.scanTime};`]),
    ...families(model, dialect).flatMap((family) => familySections({ model, dialect, family })),
    bfdSection(model),
    ...model.bird.instances.flatMap((instance) =>
      families({ ...model, bird: { ...model.bird, instances: [instance] } }, dialect).map((family) =>
        ospfSection({ model, dialect, family }, instance),
      ),
    ),
  ];
  const body = sections.filter((lines) => lines.length > 0).map((lines) => `\n${lines.join('\n')}\n`);
  return withHeader(body.join(''), model.bird.source.file);
}

/** IPv4 always; a daemon of 1.6 has only one family, and a kernel without IPv6 too. */
const families = ({ bird, env }: Pick<RouterModel, 'bird' | 'env'>, dialect: BirdDialect): Family[] =>
  dialect === '2' && env.ipv6 && bird.instances.some(({ ipv6 }) => ipv6) ? [4, 6] : [4];

const familySections = (part: Part): string[][] => [directSection(part), kernelSection(part), originateSection(part)];

/** The secrets file is written beside this one, only BIRD can read it, and it is no part of the generation. */
function secretsSection({ bird }: RouterModel): string[] {
  if (bird.secrets.length === 0) return [];
  return ['# `authentication` of interfaces and tunnels: the passwords.', `include "${bird.secretsFile}";`];
}

/** The digests of the snippets are in the text: a changed snippet changes the generation, and so BIRD reads it again. */
function snippetSection({ bird }: RouterModel): string[] {
  if (bird.include === undefined) return [];
  return [
    "# bird.include: the operator's own.",
    ...bird.snippets.map(({ file, digest }) => `#   ${file} ${digest}`),
    `include "${bird.include}";`,
  ];
}
