// A BIRD that hangs must not hold up the repair of the kernel. All kinds are observed at the same time and a pass waits for the
// slowest, so the question to BIRD gets a short deadline, and while BIRD is known to be silent it is not asked at all: passes
// go on without it (bird.conf is still written, nothing is configured), until bird-watch.ts hears it answer again.
import { HostError, isHostError } from '../host/error.ts';
import type { Bird, BirdReply, Host } from '../host/types.ts';

/**
 * For questions that name no deadline of their own, which is what passes begin with. An `eval` takes BIRD below a millisecond; a
 * machine that boots or chokes may not get round to it for long.
 */
const QUESTION_MS = 2_000;

export interface BirdGuard {
  /** the host for passes */
  readonly host: Host;
  isSilent(socket: string): boolean;
  setSilent(socket: string, silent: boolean): void;
}

export function createBirdGuard(host: Host): BirdGuard {
  const silent = new Set<string>();
  const guarded = async (socket: string, text: string, talk: () => Promise<BirdReply>): Promise<BirdReply> => {
    if (silent.has(socket)) {
      const detail = 'BIRD does not answer; it is asked again every few seconds';
      throw new HostError({ operation: `birdc ${text} (${socket})`, code: 'ETIMEDOUT', detail });
    }
    try {
      return await talk();
    } catch (error) {
      // EAGAIN: it no longer accepts connections, and the queue of its socket is full (unix(7))
      if (isHostError(error, 'ETIMEDOUT', 'EAGAIN')) silent.add(socket);
      throw error;
    }
  };
  const command: Bird['command'] = (socket, text, deadline) =>
    guarded(socket, text, () => host.bird.command(socket, text, deadline));
  const ask: Bird['ask'] = (socket, text, deadline) =>
    guarded(socket, text, () => host.bird.ask(socket, text, deadline ?? QUESTION_MS));
  return {
    host: { ...host, bird: { ...host.bird, command, ask } },
    isSilent: (socket) => silent.has(socket),
    setSilent(socket, is) {
      if (is) silent.add(socket);
      else silent.delete(socket);
    },
  };
}
