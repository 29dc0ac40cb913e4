import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createKeys } from '../../src/host/keys.ts';
import { derivePublicKey, keyDigest, newPrivateKey } from '../../src/host/wg/key.ts';
import { isWireguardKey } from '../../src/net/names.ts';
import { tempDir } from './temp-dir.ts';

const keys = createKeys();

test('new keys are clamped and differ', () => {
  const made = Array.from({ length: 50 }, newPrivateKey);
  expect(new Set(made).size).toBe(50);
  for (const key of made) {
    const bytes = Buffer.from(key, 'base64');
    expect(isWireguardKey(key)).toBe(true);
    expect([(bytes[0] ?? 1) & 7, (bytes[31] ?? 0) & 0xc0]).toEqual([0, 0x40]);
  }
});

test('a digest is over the bytes, and a key of zeros has none', () => {
  const psk = newPrivateKey();
  expect(keyDigest(psk)).toBe(createHash('sha256').update(Buffer.from(psk, 'base64')).digest('hex'));
  expect(keyDigest(Buffer.alloc(32).toString('base64'))).toBe('');
});

test('a missing file is undefined, and white space around a key is accepted', async () => {
  const dir = await tempDir();
  const key = newPrivateKey();
  await writeFile(`${dir}/k`, ` ${key} \r\n\n`);
  expect(await keys.publicKeyOf(`${dir}/none`)).toBeUndefined();
  expect(await keys.digestOf(`${dir}/none`)).toBeUndefined();
  expect(await keys.publicKeyOf(`${dir}/k`)).toBe(derivePublicKey(key));
  expect(await keys.digestOf(`${dir}/k`)).toBe(keyDigest(key));
});

test.each([
  ['an empty file', ''],
  ['a key cut short', newPrivateKey().slice(0, 40)],
  ['two keys', `${newPrivateKey()}\n${newPrivateKey()}\n`],
  ['a key with padding bits', `${newPrivateKey().slice(0, 42)}B=`],
  ['another file', 'PrivateKey = '.repeat(1000)],
])('%s is refused without quoting it', async (_, text) => {
  const path = `${await tempDir()}/k`;
  await writeFile(path, text);
  const error: unknown = await keys.publicKeyOf(path).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'EINVAL', operation: `read key file ${path}` });
  const shown = String(error) + JSON.stringify(error);
  for (const word of text.split(/\s+/).filter((w) => w.length > 20)) expect(shown).not.toContain(word);
});

test('a folder and a named pipe are errors and do not block', async () => {
  const dir = await tempDir();
  await expect(keys.publicKeyOf(dir)).rejects.toMatchObject({ code: 'EISDIR' });
  execFileSync('mkfifo', [`${dir}/pipe`]);
  await expect(keys.publicKeyOf(`${dir}/pipe`)).rejects.toMatchObject({ code: 'EINVAL' });
});

test('generate makes a folder of mode 0700 and a complete file of mode 0600, and nothing beside it', async () => {
  const dir = await tempDir();
  const path = `${dir}/keys/wg222.key`;
  await keys.generate(path);
  expect((await stat(`${dir}/keys`)).mode & 0o777).toBe(0o700);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(`${dir}/keys`)).toEqual(['wg222.key']);
  expect(isWireguardKey((await readFile(path, 'utf8')).trimEnd())).toBe(true);
});

test('generate never overwrites a file, not even an empty one', async () => {
  const path = `${await tempDir()}/k`;
  await writeFile(path, '');
  await expect(keys.generate(path)).rejects.toMatchObject({ code: 'EEXIST', operation: `make key file ${path}` });
  expect(await readFile(path, 'utf8')).toBe('');
});

test('of several generators for one file one wins', async () => {
  const path = `${await tempDir()}/k`;
  const made = await Promise.allSettled(Array.from({ length: 10 }, () => keys.generate(path)));
  expect(made.filter((m) => m.status === 'fulfilled')).toHaveLength(1);
  expect(await keys.publicKeyOf(path)).toBeDefined();
});

test('a key file is read again until its times are old, and when it is another file', async () => {
  const path = `${await tempDir()}/k`;
  const [first, second, third] = Array.from({ length: 3 }, newPrivateKey);
  let now = 0;
  const own = createKeys(() => now);
  const put = (key = ''): Promise<void> => writeFile(path, `${key}\n`);
  const isKeyOf = async (key = ''): Promise<boolean> => (await own.publicKeyOf(path)) === derivePublicKey(key);
  await put(first);
  expect(await isKeyOf(first)).toBe(true);
  await put(second); // of the same size, and perhaps in the same tick of the clock
  expect(await isKeyOf(second)).toBe(true);
  now = 2_000;
  for (let i = 0; i < 2; i++) expect(await isKeyOf(second)).toBe(true);
  await sleep(20);
  await put(third);
  expect(await isKeyOf(third)).toBe(true);
});
