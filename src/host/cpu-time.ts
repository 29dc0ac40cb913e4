// What this process has cost so far: milliseconds of CPU, its threads' and the kernel's on its behalf.
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
