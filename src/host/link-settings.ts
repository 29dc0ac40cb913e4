// Applies the settings of sysctl.d(5) to the links that wgospf makes, instead of udev. udev starts two programs for each new
// link (systemd-sysctl and ifupdown-hotplug); the package's udev rule makes it start none for ours, and here one
// systemd-sysctl serves all links that are made at the same time.
import { existsSync } from 'node:fs';
import { isHostError } from './error.ts';
import { run } from './processes.ts';

const RULE = '/usr/lib/udev/rules.d/99-wgospf.rules';
/** exists while udev runs; without udev nobody applies these settings */
const UDEV = '/run/udev/control';
const PROGRAM = '/usr/lib/systemd/systemd-sysctl';

/** The prefixes of /usr/lib/udev/rules.d/99-systemd.rules. */
const prefixesOf = (name: string): string[] =>
  ['ipv4/conf', 'ipv4/neigh', 'ipv6/conf', 'ipv6/neigh'].map((place) => `--prefix=/net/${place}/${name}`);

export interface LinkSettingsOptions {
  readonly isWanted?: () => boolean;
  readonly settle?: (args: readonly string[]) => Promise<unknown>;
}

/**
 * Resolves when the link has its settings of sysctl.d(5). Calls made while the program runs share the next run. A setting
 * that cannot be applied is no error, as with udev; systemd-sysctl.service reports it.
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
