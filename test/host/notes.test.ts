import { rm, stat, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createLastingNotes } from '../../src/host/lasting-notes.ts';
import { createNotes } from '../../src/host/notes.ts';
import type { Notes } from '../../src/host/types.ts';
import { tempDir } from './temp-dir.ts';

test('a key keeps its first value after a restart of the program', async () => {
  const path = `${await tempDir()}/run/notes.json`;
  const notes = createNotes(path);
  expect(await notes.all()).toEqual(new Map());
  await Promise.all([notes.note('a', '0'), notes.note('a', '1'), notes.note('b', '2')]);
  expect(await createNotes(path).all()).toEqual(
    new Map([
      ['a', '0'],
      ['b', '2'],
    ]),
  );
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('notes that are made at once all arrive', async () => {
  const notes = createNotes(`${await tempDir()}/notes.json`);
  await Promise.all(Array.from({ length: 50 }, (_, i) => notes.note(`k${i}`, String(i))));
  expect((await notes.all()).size).toBe(50);
});

test('a forgotten note is removed, and the last one removes the file', async () => {
  const path = `${await tempDir()}/notes.json`;
  const notes = createNotes(path);
  await notes.note('a', '0');
  await notes.forget('other');
  await notes.forget('a');
  await notes.forget('a');
  expect(await notes.all()).toEqual(new Map());
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('several notes are forgotten in one write, so no reader sees a part of them', async () => {
  const path = `${await tempDir()}/notes.json`;
  const notes = createNotes(path);
  for (const key of ['a', 'b', 'c']) await notes.note(key, '');
  const seen = new Set<string>();
  const changes = new AbortController();
  const watched = (async (): Promise<void> => {
    while (!changes.signal.aborted) {
      seen.add([...(await createNotes(path).all()).keys()].join(''));
      await setImmediate(); // a reader waits for nobody, and would let nobody write
    }
  })();
  await notes.forget('a', 'b');
  changes.abort();
  await watched;
  expect([...seen, [...(await notes.all()).keys()].join('')]).not.toContain('bc');
  expect([...(await notes.all()).keys()]).toEqual(['c']);
});

test("a key with the name of an object's property is an ordinary key", async () => {
  const notes = createNotes(`${await tempDir()}/notes.json`);
  await notes.note('constructor', 'x');
  await notes.note('__proto__', 'y');
  expect(await notes.all()).toEqual(
    new Map([
      ['constructor', 'x'],
      ['__proto__', 'y'],
    ]),
  );
});

test.each(['{', '[]', 'null', '{"a": 1}'])('a file that contains %s is refused and not overwritten', async (text) => {
  const path = `${await tempDir()}/notes.json`;
  await writeFile(path, text);
  const notes = createNotes(path);
  await expect(notes.all()).rejects.toMatchObject({ code: 'EINVAL', operation: `read ${path}` });
  await expect(notes.note('a', '1')).rejects.toThrow('move it away');
});

describe('after a reboot', () => {
  const open = (dir: string, boot: string): Notes =>
    createLastingNotes(createNotes(`${dir}/run/notes.json`), createNotes(`${dir}/var/notes.json`), () => boot);
  const keys = async (notes: Notes): Promise<string[]> => [...(await notes.all()).keys()].sort();

  test('our bird.conf is still known, and the values of sysctls are forgotten', async () => {
    const dir = await tempDir();
    const notes = open(dir, 'one');
    await notes.note('bird:/etc/bird/mesh.conf', '/run/bird/mesh.ctl');
    await notes.note('sysctl:net.ipv4.ip_forward', '0');
    expect(await keys(notes)).toEqual(['bird:/etc/bird/mesh.conf', 'sysctl:net.ipv4.ip_forward']);
    await rm(`${dir}/run`, { recursive: true });
    expect(await keys(open(dir, 'two'))).toEqual(['bird:/etc/bird/mesh.conf']);
  });

  test('notes that are lost without a reboot are reported once, unless nothing was noted', async () => {
    const dir = await tempDir();
    const notes = open(dir, 'one');
    await notes.note('link:eth1', 'up');
    await rm(`${dir}/run`, { recursive: true });
    await notes.forget('bird:/etc/bird/bird.conf'); // as `down` does before it reports
    expect(await keys(notes)).toEqual(['lost']);
    await notes.forget('lost');
    expect(await keys(notes)).toEqual([]);
    await notes.note('link:eth1', 'up');
    await notes.forget('link:eth1');
    expect(await keys(notes)).toEqual([]);
    await expect(stat(`${dir}/var/notes.json`)).rejects.toThrow('ENOENT');
  });

  test('a note of an older version in /run is valid until it is written again, and is forgotten in both files', async () => {
    const dir = await tempDir();
    await createNotes(`${dir}/run/notes.json`).note('bird:/etc/bird/bird.conf', '/old.ctl');
    const notes = open(dir, 'one');
    expect(await notes.all()).toEqual(new Map([['bird:/etc/bird/bird.conf', '/old.ctl']]));
    await notes.note('bird:/etc/bird/bird.conf', '/new.ctl');
    expect(await notes.all()).toEqual(new Map([['bird:/etc/bird/bird.conf', '/new.ctl']]));
    await notes.forget('bird:/etc/bird/bird.conf');
    expect(await keys(notes)).toEqual([]);
  });
});
