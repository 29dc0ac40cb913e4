// The facts of kernel and BIRD that reading the state file needs. Asked once, and again if BIRD did not tell its version.
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { HostEnv } from '../model/types.ts';
import type { Emit } from './types.ts';
import { troubleEvent } from './unattended.ts';

/** Pause before the host is asked again. */
const AGAIN_MS = 5_000;

export interface HostEnvSource {
  /** throws a HostError if the host cannot be asked */
  get(): Promise<HostEnv>;
  /** as get, but retries until the host answers: a daemon that ends instead is no help */
  atLast(): Promise<HostEnv>;
  /** the next call asks again: a module may have been loaded meanwhile */
  forget(): void;
  /** whether BIRD's version was unknown at the last question: not installed, or broken */
  lacksBird(): boolean;
  /** asks again; whether BIRD's version is known now */
  foundBird(): Promise<boolean>;
}

export interface HostEnvOptions {
  readonly probe: () => Promise<HostEnv>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly isClosed: () => boolean;
}

export function createHostEnv({ probe, clock, emit, isClosed }: HostEnvOptions): HostEnvSource {
  let env: HostEnv | undefined;
  const get = async (): Promise<HostEnv> => (env ??= await probe());
  return {
    get,
    forget: () => void (env = undefined),
    lacksBird: () => env !== undefined && env.bird === undefined,
    async atLast() {
      for (;;) {
        try {
          return await get();
        } catch (error) {
          if (!isHostError(error) || isClosed()) throw error;
          emit(troubleEvent('read the state file', error));
          await new Promise<void>((done) => void clock.after(AGAIN_MS, done));
        }
      }
    },
    async foundBird() {
      const found = await probe();
      if (found.bird === undefined || isClosed()) return false;
      env = found;
      return true;
    },
  };
}
