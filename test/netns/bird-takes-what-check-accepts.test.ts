// Random state files over every key of the schema: what `check` accepts, BIRD accepts. Tested with 1.6, 2.0, 2.x and 3.x, each by
// `bird -p`. FILES=5000 for a thorough run, SEED=7 for the one that failed.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { stateSchema } from '../../src/config/schema/state.ts';
import type { HostEnv, RouterModel } from '../../src/model/types.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { accepted, smallest, type Accepted } from '../properties/accepted.ts';
import { arbitraryOf, patternsOf, usedPatterns } from '../properties/schema-arbitrary.ts';
import { FILTERS, ROOT, stateWords } from '../properties/state-words.ts';
import { refused } from './lab/bird-parsers.ts';
import { birdVersions, type BirdVersion } from './lab/bird-versions.ts';

const FILES = Number(process.env['FILES'] ?? 1500);
/** Always the same where nobody asks for more: a change that breaks a file is told from bad luck then. */
const SEED = Number(process.env['SEED'] ?? (process.env['FILES'] === undefined ? 721_538 : Date.now() % 1_000_000));

let folder: string;
let versions: readonly BirdVersion[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wgospf-files-'));
  versions = await birdVersions();
  await mkdir(join(folder, 'snippets'));
  const filters = FILTERS.map((name) => `filter ${name} { accept; }\n`);
  await writeFile(join(folder, 'snippets/filters.conf'), filters.join(''));
});
afterAll(() => rm(folder, { recursive: true }));

/** A BIRD whose dialect is that of these files, and which reads IPv6 or not, as a host would have it. */
const envOf = (dialect: '1.6' | '2', ipv6: boolean): HostEnv => ({
  ...{ ipv6, kernelWireguard: true, vrf: true },
  bird: dialect === '1.6' ? '1.6.8' : '2.0.12',
});

/** bird.conf and what it includes, as `apply` would write them, below a folder of the file's own. */
async function write(model: RouterModel, name: string): Promise<string> {
  const own = join(folder, name);
  const placed = (path: string): string => path.replace(ROOT, own);
  const conf = model.bird.configFile.startsWith(ROOT) ? placed(model.bird.configFile) : join(own, 'bird.conf');
  const secretsFile = model.bird.secretsFile.startsWith(ROOT) ? placed(model.bird.secretsFile) : join(own, 's.conf');
  const include = model.bird.include?.replace(ROOT, folder);
  await mkdir(dirname(conf), { recursive: true });
  const secrets = model.bird.secrets.map(({ constant }) => `define ${constant} = "secret";\n`);
  await writeFile(secretsFile, secrets.join(''));
  await writeFile(conf, renderBirdConf({ ...model, bird: { ...model.bird, secretsFile, include } }));
  return conf;
}

/** What each BIRD of a model's dialect says against it. */
async function complaints({ model }: Accepted, name: string): Promise<string[]> {
  const file = await write(model, name);
  const all = await Promise.all(
    readers(model).map(async (v) => [v.label, (await refused(v, [file])).get(file)] as const),
  );
  return all.flatMap(([label, reply]) =>
    reply === undefined ? [] : [`${label}: ${reply.replaceAll(file, 'bird.conf')}`],
  );
}

const readers = ({ bird }: RouterModel): BirdVersion[] =>
  versions.filter(({ major }) => (bird.dialect === '1.6') === (major === 1));

interface Drawn {
  readonly file: Accepted;
  readonly env: HostEnv;
  readonly name: string;
}

const states = (count: number, seed: number): unknown[] =>
  fc.sample(arbitraryOf(stateSchema, stateWords, { path: [], pattern: '' }), { numRuns: count, seed });

/** The files of a seed that check accepts. */
const drawn = (count: number, seed: number): Drawn[] =>
  states(count, seed).flatMap((state, i) => {
    const env = envOf(i % 4 === 3 ? '1.6' : '2', i % 5 !== 4);
    const file = accepted(state, env);
    return file === undefined ? [] : [{ file, env, name: `f${seed}-${i}` }];
  });

const patternsIn = (files: readonly Drawn[]): Set<string> =>
  new Set(files.flatMap(({ file }) => usedPatterns(stateSchema, file.state)));

/** With more of them for a key or a word that none has by chance; a few rounds, for one that none can have is a fault. */
function drawAll(): Drawn[] {
  const files = drawn(FILES, SEED);
  for (let round = 1; round <= 10; round++) {
    const used = patternsIn(files);
    if (patternsOf(stateSchema).every((pattern) => used.has(pattern))) break;
    const more = drawn(200, SEED + round);
    files.push(...more.filter((one) => [...patternsIn([one])].some((pattern) => !used.has(pattern))));
  }
  return files;
}

test('every file that check accepts is taken by BIRD', { timeout: 1_800_000 }, async () => {
  const files = drawAll();
  const confs = await Promise.all(files.map(({ file, name }) => write(file.model, name)));
  const confOf = new Map(files.map(({ name }, i) => [name, confs[i] ?? '']));
  const replies = await Promise.all(
    versions.map((v) =>
      refused(
        v,
        confs.filter((_, i) => files[i] !== undefined && readers(files[i].file.model).includes(v)),
      ),
    ),
  );
  const bad = files.filter((_, i) => replies.some((one) => one.has(confs[i] ?? '')));
  const replyOf = (name: string): string => replies.flatMap((one) => one.get(confOf.get(name) ?? '') ?? [])[0] ?? '';
  const kinds = new Map(bad.map((one) => [replyOf(one.name).replace(/.*:\d+:\d+ /, ''), one]));
  const reports = await Promise.all(
    [...kinds.values()].slice(0, 9).map(async ({ file, env, name }) => {
      const fails = async (state: unknown): Promise<boolean> => {
        const one = accepted(state, env);
        return one !== undefined && one.warnings.length >= 0 && (await complaints(one, `${name}s`)).length > 0;
      };
      const small = accepted(await smallest(file.state, fails), env) ?? file;
      return `${stringify(small.state)}${(await complaints(small, `${name}t`)).join('\n')}`;
    }),
  );
  const counts = versions.map(
    (v) => `${files.filter(({ file }) => readers(file.model).includes(v)).length} by ${v.version}`,
  );
  console.log(
    `SEED=${SEED}: ${files.length} files accepted of ${FILES}, read ${counts.join(', ')}; ${bad.length} refused`,
  );
  expect(reports.join('\n\n'), `SEED=${SEED}`).toBe('');
  expect(files.length).toBeGreaterThan(FILES * 0.9);

  const used = patternsIn(files);
  expect(
    patternsOf(stateSchema).filter((pattern) => !used.has(pattern)),
    'keys and words that no file had',
  ).toEqual([]);
});
