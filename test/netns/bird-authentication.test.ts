// OSPF authentication of every kind, and BFD, between BIRDs of different versions: on each link another way, all at once.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import type { LocalInterface, OspfAlgorithm, OspfAuthentication, OspfKey, RouterModel } from '../../src/model/types.ts';
import { local, model } from '../bird/models.ts';
import { CONF, quick } from './bird-lab.ts';
import { birdVersion, useBird, type BirdVersion } from './lab/bird-versions.ts';
import { eventually } from './lab/eventually.ts';
import { makeLab, type Lab } from './lab/make-lab.ts';
import type { Router } from './lab/router.ts';

let lab: Lab;
beforeEach(async () => void (lab = await makeLab()));
afterEach(() => lab.close());

const key = (algorithm: OspfAlgorithm, change: Partial<OspfKey> = {}): OspfKey => ({
  ...{ id: 1, algorithm, constant: 'wgospf_password_long', passwordFile: '/etc/wgospf/keys/long' },
  ...{ generateFrom: undefined, generateTo: undefined, acceptFrom: undefined, acceptTo: undefined },
  ...change,
});

const day = (offset: number): string =>
  new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 19).replace('T', ' ');

/** The first key is over and differs at both ends; the second is in force from yesterday until tomorrow. */
const dated = (n: 1 | 2): OspfKey[] => [
  key('hmac-sha256', { constant: `wgospf_password_${n}`, generateTo: day(-2), acceptTo: day(-1) }),
  key('hmac-sha256', { id: 2, generateFrom: day(-1), acceptFrom: day(-2), generateTo: day(1), acceptTo: day(2) }),
];

const cryptographic = (...keys: OspfKey[]): OspfAuthentication => ({ type: 'cryptographic', keys });

const ways = (n: 1 | 2): readonly OspfAuthentication[] => [
  { type: 'simple', constant: 'wgospf_password_simple', passwordFile: '/etc/wgospf/keys/simple' },
  cryptographic(key('md5', { constant: 'wgospf_password_md5' })),
  ...(['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const).map((name) => cryptographic(key(name))),
  cryptographic(...dated(n)),
];

const BFD = { minRxInterval: 500, minTxInterval: 500, idleTxInterval: 1000, multiplier: 5 };

const SECRETS = `define wgospf_password_simple = "12345678";
define wgospf_password_md5 = "0123456789abcdef";
define wgospf_password_long = "a word that is longer than a block of SHA-256 has bytes: 64, so it is hashed first";
define wgospf_password_1 = "one";
define wgospf_password_2 = "two";
`;

const wanted = (n: 1 | 2): RouterModel => {
  const links = ways(n).map((authentication, i): LocalInterface =>
    local(`cab${i}`, `10.70.89.${2 * i + n - 1}/31`, { ...quick, authentication, bfd: BFD }),
  );
  return model({
    routerId: `10.69.${n}.1`,
    interfaces: links,
    bird: { secrets: [{ constant: 'wgospf_password_long', file: '/etc/wgospf/keys/long' }] },
  });
};

async function start(router: Router, version: BirdVersion, n: 1 | 2): Promise<void> {
  await useBird(router, version);
  const conf = wanted(n);
  for (const { name, addresses } of conf.interfaces) {
    await router.sh(`ip addr add ${addresses[0]?.address ?? ''}/31 dev ${name}`);
  }
  await router.writeFile(conf.bird.secretsFile, SECRETS, 0o644);
  await router.writeFile(CONF, renderBirdConf(conf, version.major === 1 ? '1.6' : '2'), 0o644);
  await router.startBird();
}

test.for([
  ['1.6', '2.0'],
  ['2.0', '3.x'],
] as const)('BIRD %s and %s agree on a password', async ([one, other]) => {
  const [a, b] = [await lab.router('a'), await lab.router('b')];
  const names = wanted(1).interfaces.map(({ name }) => name);
  for (const name of names) await lab.connect(a, name, b, name);
  await Promise.all([start(a, await birdVersion(one), 1), start(b, await birdVersion(other), 2)]);
  await eventually(async () => {
    for (const router of [a, b]) {
      const full = (await router.ospfNeighbors()).filter(({ state }) => state === 'Full/PtP');
      expect(full.map(({ dev }) => dev).sort(), router.name).toEqual(names);
      const sessions = (await router.birdc('show bfd sessions')).matchAll(/(cab\d)\s+Up/g);
      expect(Array.from(sessions, ([, dev]) => dev).sort(), router.name).toEqual(names);
    }
  });
});

test('different passwords leave every adjacency down', async () => {
  const [a, b] = [await lab.router('a'), await lab.router('b')];
  const names = wanted(1).interfaces.map(({ name }) => name);
  for (const name of names) await lab.connect(a, name, b, name);
  const version = await birdVersion('2.0');
  await Promise.all([start(a, version, 1), start(b, version, 2)]);
  const full = async (): Promise<string[]> =>
    (await a.ospfNeighbors()).filter(({ state }) => state === 'Full/PtP').map(({ dev }) => dev);
  await eventually(async () => {
    expect((await full()).length).toBe(names.length);
  });
  await b.sh(`sed -i 's/= "/= "x/' ${wanted(2).bird.secretsFile}; birdc configure`);
  await eventually(async () => {
    expect(await full()).toEqual([]);
  });
});
