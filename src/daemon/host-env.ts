// What the state file is read against: kernel and BIRD, asked once, and again where BIRD did not tell which it is.
import type { Clock } from '../host/clock.ts';
import { isHostError } from '../host/error.ts';
import type { HostEnv } from '../model/types.ts';
import type { Emit } from './types.ts';
import { troubleEvent } from './unattended.ts';

/** Where the host could not be asked what it is. */
const AGAIN_MS = 5_000;

export interface HostEnvSource {
  /** throws a HostError where the host cannot be asked */
  get(): Promise<HostEnv>;
  /** until it can be asked: a daemon that ends for it is no help */
  atLast(): Promise<HostEnv>;
  /** the next one asks anew: a module may have been loaded meanwhile */
  forget(): void;
  /** whether BIRD was not there, or in pieces, when it was asked last */
  lacksBird(): boolean;
  /** asks anew; whether BIRD tells by now which it is */
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
