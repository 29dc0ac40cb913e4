import { stat, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { createNotes } from '../../src/host/notes.ts';
import { tempDir } from './temp-dir.ts';

test('keeps the first value of a key, over a new start of the program', async () => {
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

test('notes made at once all arrive', async () => {
  const notes = createNotes(`${await tempDir()}/notes.json`);
  await Promise.all(Array.from({ length: 50 }, (_, i) => notes.note(`k${i}`, String(i))));
  expect((await notes.all()).size).toBe(50);
});

test('forgets, and the last one takes the file along', async () => {
  const path = `${await tempDir()}/notes.json`;
  const notes = createNotes(path);
  await notes.note('a', '0');
  await notes.forget('other');
  await notes.forget('a');
  await notes.forget('a');
  expect(await notes.all()).toEqual(new Map());
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('a key named as a part of every object is an ordinary key', async () => {
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

test.each(['{', '[]', 'null', '{"a": 1}'])('a file that holds %s is refused, not overwritten', async (text) => {
  const path = `${await tempDir()}/notes.json`;
  await writeFile(path, text);
  const notes = createNotes(path);
  await expect(notes.all()).rejects.toMatchObject({ code: 'EINVAL', operation: `read ${path}` });
  await expect(notes.note('a', '1')).rejects.toThrow('remove it');
});
