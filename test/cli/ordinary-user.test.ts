// Key files that only root may read do not fail an ordinary user's check.
import { expect, test } from 'vitest';
import { asOrdinaryUser } from '../../src/cli/ordinary-user.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

const KEY = '/etc/wgospf/keys/wg222.key';
const STATE = '/etc/wgospf/state.yaml';

test('a key file that the user may not read counts as private', async () => {
  const host = createFakeHost();
  const { files, publicKeyOf } = asOrdinaryUser(host, STATE);
  host.failNext('files.stat', 'EACCES');
  expect(await files.stat(KEY)).toMatchObject({ mode: 0o600, uid: 0 });
  host.failNext('keys.publicKeyOf', 'EACCES');
  expect(await publicKeyOf(KEY)).toBeUndefined();
});

test('a state file that the user may not read, and every other error, stays an error', async () => {
  const host = createFakeHost();
  const { files, publicKeyOf } = asOrdinaryUser(host, STATE);
  host.failNext('files.stat', 'EACCES');
  await expect(files.stat(STATE)).rejects.toThrow('EACCES');
  host.failNext('keys.publicKeyOf', 'EIO');
  await expect(publicKeyOf(KEY)).rejects.toThrow('EIO');
});
