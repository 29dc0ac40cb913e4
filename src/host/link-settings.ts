// What udev does for a new link, for the links that we make: the settings of sysctl.d(5). udev starts two programs for each new
// link (systemd-sysctl and ifupdown-hotplug); the package's udev rule has it start none for ours, and one systemd-sysctl
// does the same for as many as are made at a time.
import { existsSync } from 'node:fs';
import { isHostError } from './error.ts';
import { run } from './processes.ts';

const RULE = '/usr/lib/udev/rules.d/99-wgospf.rules';
/** of a udev that runs: where there is none, nobody has made these settings */
const UDEV = '/run/udev/control';
const PROGRAM = '/usr/lib/systemd/systemd-sysctl';

/** As /usr/lib/udev/rules.d/99-systemd.rules has them. */
const prefixesOf = (name: string): string[] =>
  ['ipv4/conf', 'ipv4/neigh', 'ipv6/conf', 'ipv6/neigh'].map((place) => `--prefix=/net/${place}/${name}`);

export interface LinkSettingsOptions {
  readonly isWanted?: () => boolean;
  readonly settle?: (args: readonly string[]) => Promise<unknown>;
}

/**
 * Done when the link has the settings that sysctl.d(5) names for it. Calls that come while the program runs share the next run.
 * A setting that cannot be made fails nothing, as under udev; systemd-sysctl.service tells of it.
 */
export function createLinkSettings({
  isWanted = () => [RULE, UDEV, PROGRAM].every((path) => existsSync(path)),
  settle = (args) => run(PROGRAM, args, { operation: 'systemd-sysctl' }),
}: LinkSettingsOptions = {}): (name: string) => Promise<void> {
  let names: string[] = [];
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;

  async function settleAll(): Promise<void> {
    next = undefined;
    const now = names;
    names = [];
    try {
      await settle(now.flatMap(prefixesOf));
    } catch (error) {
      if (!isHostError(error)) throw error;
    }
  }

  return async (name) => {
    if (!isWanted()) return;
    names.push(name);
    if (next === undefined) last = next = last.then(settleAll);
    await next;
  };
}
