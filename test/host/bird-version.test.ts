// Who is asked for BIRD's version: the running BIRD, or the program.
import { unlink, utimes, writeFile } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { createBirdProgram, type BirdProgram } from '../../src/host/bird/version.ts';
import { fakeBird } from './fake-bird-socket.ts';
import { tempDir } from './temp-dir.ts';

const RUNNING = { text: '2.0.12', major: 2 };
const INSTALLED = { text: '3.1.0', major: 3 };
const STATUS = '0016 Access restricted\n1000-BIRD 2.0.12\n0013 Daemon is up and running\n';
/** seconds */
const FUTURE = 4_000_000_000;

let program: string;
let started: number;

beforeEach(async () => {
  program = `${await tempDir()}/bird`;
  started = 0;
  await writeFile(program, '');
});

const birdAt = (socket: string): BirdProgram =>
  createBirdProgram({
    ...{ socket, programs: [`${program}-elsewhere`, program] },
    start: () => {
      started++;
      return Promise.resolve('BIRD version 3.1.0\n');
    },
  });

test('a BIRD that runs is asked, and no program is started', async () => {
  const { path } = await fakeBird([STATUS]);
  await utimes(path, FUTURE, FUTURE);
  expect(await birdAt(path).version()).toEqual(RUNNING);
  expect(started).toBe(0);
});

test('a program that is younger than the socket of the running BIRD is asked itself', async () => {
  const { path } = await fakeBird([STATUS]);
  await utimes(path, FUTURE, FUTURE);
  await utimes(program, 1, 1); // as packages date their files
  await utimes(path, 2, 2);
  expect(await birdAt(path).version()).toEqual(INSTALLED);
});

test('the program is asked where BIRD is down, or speaks otherwise than BIRD', async () => {
  expect(await birdAt(`${await tempDir()}/none.ctl`).version()).toEqual(INSTALLED);
  const { path } = await fakeBird(['0016 Access restricted\n8001 No\n']);
  await utimes(path, FUTURE, FUTURE);
  expect(await birdAt(path).version()).toEqual(INSTALLED);
});

test('a BIRD that runs without a program to start it from is none that is installed', async () => {
  const { path } = await fakeBird([STATUS]);
  await utimes(path, FUTURE, FUTURE);
  await unlink(program);
  expect(await birdAt(path).version()).toEqual(INSTALLED);
  expect(started).toBe(1);
});
