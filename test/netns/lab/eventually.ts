// Waits for what needs time: tries again until it no longer throws, and fails with the last error at the deadline.

export interface EventuallyOptions {
  /** seconds until the last error is thrown; long, since it only counts when something is wrong */
  within?: number;
  /** milliseconds between two tries */
  every?: number;
}

/** LAB_PATIENCE=5: five times as long for everything, where the whole lab runs in an emulated machine. */
export const patience: number = Number(process.env['LAB_PATIENCE'] ?? 1);

/** What `attempt` returns the first time that it does not throw. */
export async function eventually<T>(
  attempt: () => Promise<T> | T,
  { within = 60, every = 100 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + within * patience * 1000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
