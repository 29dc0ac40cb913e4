// BIRD inside a network namespace: a unit of ours if systemd runs, else a detached daemon.
import { mkdir, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { groupExists } from '../accounts.ts';
import { hasErrno, hostError } from '../errno.ts';
import { HostError, isHostError } from '../error.ts';
import { createFiles } from '../files.ts';
import { run } from '../processes.ts';
import { NAMESPACES } from '../rtnetlink/place.ts';
import { bySystemd } from '../systemd-unit.ts';
import type { BirdService } from '../types.ts';
import { birdCommand, birdQuestion } from './control-client.ts';

/** The default folder of its socket; made and removed with it. */
const FOLDER = '/run/wgospf-bird';
const POLL_MS = 20;
const SETTLE_MS = 10_000;

const unitOf = ({ netns }: BirdService): string => `wgospf-bird@${netns}.service`;

export async function startBird(service: BirdService): Promise<void> {
  const { netns, configFile, controlSocket } = service;
  if (await answers(controlSocket)) return;
  const operation = `start BIRD in ${netns}`;
  if (bySystemd()) await startUnit(service, operation);
  else {
    await mkdir(dirname(controlSocket), { recursive: true }).catch((error: unknown) => {
      throw hostError(operation, error);
    });
    const user = (await groupExists('bird')) ? ['-u', 'bird', '-g', 'bird'] : [];
    const bird = ['bird', ...user, '-c', configFile, '-s', controlSocket];
    // BIRD goes to the background after it has read its file; errors before that are printed
    // not `ip netns exec`, which mounts /sys again, and fails if that is not allowed
    await run('nsenter', [`--net=${NAMESPACES}/${netns}`, ...bird], { operation, detached: true });
  }
  await until(() => answers(controlSocket), operation, `its control socket ${controlSocket} does not answer`);
}

/** The environment file overrides the default paths of the unit. */
async function startUnit(service: BirdService, operation: string): Promise<void> {
  const { netns, configFile, controlSocket } = service;
  const text = `BIRD_CONFIG=${configFile}\nBIRD_SOCKET=${controlSocket}\n`;
  await createFiles().write(environmentFile(netns), text, { mode: 0o644 });
  await run('systemctl', ['start', unitOf(service)], { operation, timeout: 30_000 });
}

const environmentFile = (netns: string): string => `/run/wgospf/bird-${netns}.env`;

export async function stopBird(service: BirdService): Promise<void> {
  const { netns, controlSocket } = service;
  const operation = `stop BIRD in ${netns}`;
  if (bySystemd()) {
    await run('systemctl', ['stop', unitOf(service)], { operation, timeout: 30_000 });
    await createFiles().remove(environmentFile(netns));
  }
  await down(controlSocket);
  await until(() => hasEnded(controlSocket), operation, `it still answers on ${controlSocket}`);
  if (dirname(controlSocket) === FOLDER) await clearAway(controlSocket, operation);
}

/** BIRD may end before its reply is complete, or be busy with its shutdown: the caller observes afterwards whether it ended. */
async function down(socket: string): Promise<void> {
  try {
    await birdCommand(socket, 'down');
  } catch (error) {
    if (!isHostError(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT')) throw error;
  }
}

/** BIRD, as its own user, cannot remove its socket from root's folder. */
async function clearAway(socket: string, operation: string): Promise<void> {
  for (const remove of [() => unlink(socket), () => rmdir(FOLDER)]) {
    await remove().catch((error: unknown) => {
      if (!hasErrno(error, 'ENOENT', 'ENOTEMPTY')) throw hostError(operation, error);
    });
  }
}

/** Throws if BIRD hangs, so that it is not started a second time. */
async function answers(socket: string): Promise<boolean> {
  try {
    await birdQuestion(socket, 'show status', 2_000);
    return true;
  } catch (error) {
    if (isHostError(error, 'ENOENT', 'ECONNREFUSED', 'ECONNRESET')) return false;
    throw error;
  }
}

/** A BIRD that is slow to shut down still runs, and the caller waits for it. */
async function hasEnded(socket: string): Promise<boolean> {
  try {
    return !(await answers(socket));
  } catch (error) {
    if (isHostError(error, 'ETIMEDOUT')) return false;
    throw error;
  }
}

async function until(met: () => Promise<boolean>, operation: string, detail: string): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (!(await met())) {
    if (performance.now() > end) throw new HostError({ operation, code: 'ETIMEDOUT', detail });
    await sleep(POLL_MS);
  }
}
