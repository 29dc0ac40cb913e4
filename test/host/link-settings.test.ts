import { expect, test } from 'vitest';
import { HostError } from '../../src/host/error.ts';
import { createLinkSettings } from '../../src/host/link-settings.ts';

interface Run {
  readonly args: readonly string[];
  readonly end: () => void;
}

function started(): { runs: Run[]; settle: (args: readonly string[]) => Promise<void> } {
  const runs: Run[] = [];
  return { runs, settle: (args) => new Promise((end) => runs.push({ args, end })) };
}

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

test('links that are made while the program runs share its next run', async () => {
  const { runs, settle } = started();
  const of = createLinkSettings({ isWanted: () => true, settle });
  const first = of('wg1');
  await turn();
  const others = ['wg2', 'wg3', 'wg4'].map((name) => of(name));
  runs[0]?.end();
  await first;
  await turn();
  runs[1]?.end();
  await Promise.all(others);
  expect(runs.map(({ args }) => args.filter((arg) => arg.includes('ipv4/conf')))).toEqual([
    ['--prefix=/net/ipv4/conf/wg1'],
    ['wg2', 'wg3', 'wg4'].map((name) => `--prefix=/net/ipv4/conf/${name}`),
  ]);
});

test('a failing program does not keep a link from being made, and the next link has its run', async () => {
  const seen: (readonly string[])[] = [];
  const of = createLinkSettings({
    isWanted: () => true,
    settle: (args) => {
      seen.push(args);
      return Promise.reject(new HostError({ operation: 'systemd-sysctl', code: 'EXIT_1', detail: 'a broken line' }));
    },
  });
  await of('wg1');
  await of('wg2');
  expect(seen.map(({ length }) => length)).toEqual([4, 4]);
});

test('a host without the udev rule runs no program', async () => {
  const { runs, settle } = started();
  await createLinkSettings({ isWanted: () => false, settle })('wg1');
  expect(runs).toEqual([]);
});
