// The CPU time of this process so far in milliseconds: all threads, user and kernel.
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
