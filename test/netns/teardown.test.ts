// A lab leaves nothing behind, in whatever way its process ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { makeLab } from './lab/make-lab.ts';

/** Command lines of all processes in these network namespaces. */
const processesIn = (namespaces: readonly string[]): string[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        if (!namespaces.includes(readlinkSync(`/proc/${pid}/ns/net`))) return [];
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // it ended meanwhile
      }
    });

const mounts = (): string => readFileSync('/proc/self/mounts', 'utf8');

test.each(['SIGKILL', 'SIGTERM'] as const)('nothing survives an owner that is ended by %s', async (signal) => {
  const before = { links: readdirSync('/sys/class/net'), mounts: mounts() };
  const owner = spawn(process.execPath, [join(import.meta.dirname, 'teardown-owner.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const namespaces = String(line).trim().split(' ');
  const alive = processesIn(namespaces).join('\n');
  for (const daemon of ['bird -u bird', 'wireguard-go wg222', 'sleep 1000', 'ping']) expect(alive).toContain(daemon);

  owner.kill(signal);
  await once(owner, 'exit');
  await eventually(() => {
    expect(processesIn(namespaces)).toEqual([]);
  });
  expect({ links: readdirSync('/sys/class/net'), mounts: mounts() }).toEqual(before);
});

test('nothing is left of a closed lab', async () => {
  const lab = await makeLab();
  const router = await lab.router('node111');
  await router.startBird();
  const namespaces = [lab.underlay, router].map(({ pid }) => readlinkSync(`/proc/${pid}/ns/net`));
  await lab.close();
  expect(processesIn(namespaces)).toEqual([]);
});

test('a namespace that cannot be made is reported', async () => {
  const lab = await makeLab();
  const name = 'x'.repeat(65); // longer than a host name may be (HOST_NAME_MAX)
  await expect(lab.router(name)).rejects.toThrow(`cannot make namespace ${name}`);
  await lab.close();
});
