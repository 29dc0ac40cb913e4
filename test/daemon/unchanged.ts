// The inputs of a pass if only the model matters: it was applied before, and nothing is withdrawn.
export const unchanged = {
  earlier: () => undefined,
  standing: () => undefined,
  planned: () => undefined,
  guards: { take: () => [], closed: () => [], conditions: () => [] },
  withdraw: () => Promise.resolve(),
  reconsider: () => Promise.resolve(false),
};
