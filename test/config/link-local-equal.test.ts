// Two keys whose digests begin with the same bytes cannot be found, so in this test all digests do.
import { expect, it, vi } from 'vitest';
import { keyFileProblems } from '../../src/config/key-files.ts';

vi.mock(import('../../src/net/link-local.ts'), async (original) => ({
  ...(await original()),
  linkLocalOf: () => ({ family: 6, address: 'fe80::1', length: 64 }),
}));

const use = {
  tunnel: 'wg222',
  folder: '/etc/wgospf',
  privateKeyFile: { file: '/etc/wgospf/keys/wg222.key', path: ['tunnels', 'wg222', 'privateKeyFile'] },
  presharedKeyFile: undefined,
  publicKey: { key: 'theirs', linkLocal: 'fe80::1', path: ['tunnels', 'wg222', 'peer', 'publicKey'] },
};
const files = { stat: () => Promise.resolve({ mode: 0o600, uid: 0, gid: 0, size: 45, mtime: 0 }) };

it('equal link-local addresses at both ends are refused, and a tunnel to ourselves is reported only as such', async () => {
  const problems = await keyFileProblems([use], files, () => Promise.resolve('ours'));
  expect(problems.map(({ code, path }) => [code, path])).toEqual([['link-local-equal', use.publicKey.path]]);
  const own = await keyFileProblems([use], files, () => Promise.resolve('theirs'));
  expect(own.map(({ code }) => code)).toEqual(['own-key']);
  expect(await keyFileProblems([use], files, () => Promise.resolve(undefined))).toEqual([]);
});
