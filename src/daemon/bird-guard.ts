// A BIRD that hangs must not delay the repair of the kernel. A pass observes all kinds at the same time and waits for the slowest.
// So a question to BIRD has a short deadline, and a BIRD known to be silent is not asked at all: passes continue without it
// (bird.conf is still written, nothing is configured), until it answers bird-watch.ts again.
import { HostError, isHostError } from '../host/error.ts';
import type { Bird, BirdReply, Host } from '../host/types.ts';

/**
 * For questions without their own deadline: those at the start of a pass. BIRD answers an `eval` in less than a millisecond; on
 * a machine that boots or is overloaded it may take much longer.
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
