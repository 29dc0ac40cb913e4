// Waits for something that takes time: tries again until it no longer throws, and fails with the last error at the deadline.

export interface EventuallyOptions {
  /** seconds until the last error is thrown; long, because it matters only on failure */
  within?: number;
  /** milliseconds between two tries */
  every?: number;
}

/** LAB_PATIENCE=5: five times as long for everything, for a lab that runs in an emulated machine. */
export const patience: number = Number(process.env['LAB_PATIENCE'] ?? 1);

/** The result of the first `attempt` that does not throw. */
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
