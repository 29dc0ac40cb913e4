// When BIRD's parser is started for a text, and when its answer is reused.
import { beforeEach, expect, test } from 'vitest';
import { createCheckText } from '../../src/host/bird/check-text.ts';
import type { BirdCandidate, FileStat } from '../../src/host/types.ts';

const candidate: BirdCandidate = {
  ...{ path: '/etc/bird/bird.conf', text: 'router id 10.69.1.11;', socket: '/run/bird/bird.ctl' },
  ...{ secretsFile: '/etc/bird/secrets', secrets: [{ constant: 'p1', file: '/etc/wgospf/password' }] },
};

let sizes: Map<string, number>;
let asked: string[];
let answer: string | undefined;
let check: (candidate: BirdCandidate) => Promise<string | undefined>;

beforeEach(() => {
  sizes = new Map(Object.entries({ '/usr/sbin/bird': 9, '/etc/wgospf/password': 3 }));
  [asked, answer] = [[], undefined];
  const stat = (path: string): Promise<FileStat | undefined> => {
    const size = sizes.get(path);
    return Promise.resolve(size === undefined ? undefined : { mode: 0o644, uid: 0, gid: 0, size, mtime: 0 });
  };
  check = createCheckText(
    ({ text }) => {
      asked.push(text);
      return Promise.resolve(answer);
    },
    { stat },
  );
});

test('an accepted text starts no program again', async () => {
  await check(candidate);
  await check({ ...candidate });
  expect(asked).toHaveLength(1);
});

test('a changed text, password or BIRD starts the program', async () => {
  await check(candidate);
  await check({ ...candidate, text: 'router id 10.69.1.12;' });
  await check(candidate);
  sizes.set('/etc/wgospf/password', 4);
  await check(candidate);
  sizes.set('/usr/sbin/bird', 10);
  await check(candidate);
  expect(asked).toHaveLength(5);
});

test('a refused text starts the program each time', async () => {
  answer = '/etc/bird/bird.conf:1:1 syntax error';
  expect([await check(candidate), await check(candidate)]).toEqual([answer, answer]);
  expect(asked).toHaveLength(2);
});
