// systemd-networkd beside us, restarted and reconfigured: with the package's drop-ins it deletes nothing of ours; if an operator
// overrides them it does, and all comes back. The test prints how long they were gone, from the kernel's announcements of both.
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import type { Router } from './router.ts';

const LOG = '/run/keep/networkd-monitor.log';
const MONITOR = 'wgospf-test-networkd';
const OVERRIDE = '/etc/systemd/networkd.conf.d/zz-test.conf';

const isOurs = (object: string): boolean => /lookup 2|table 2|nycmesh|unreachable|goto|nop/.test(object);

interface Event {
  /** milliseconds */
  at: number;
  deleted: boolean;
  object: string;
}

/** Output of `ip -ts monitor rule route`: a line with the time, then one with the object. */
export function parseMonitor(text: string): Event[] {
  const events: Event[] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const time = /^\[(\S+)\] ?(.*)/.exec(line);
    if (time !== null) at = Date.parse(`${time[1] ?? ''}Z`);
    const object = (time?.[2] ?? line).trim();
    if (object === '') continue;
    // the order of rules that are deleted and made at the same time does not count
    const rule = object.replace('Deleted ', '').replace(/ \[(detached|unresolved)\]/g, '');
    events.push({ at, deleted: object.startsWith('Deleted '), object: rule });
  }
  return events;
}

/** The longest time that a deleted object was gone until it was made again; `lost`: objects that did not come back. */
export function longestGap(events: Event[]): { objects: number; longest: number; lost: string[] } {
  const gone = new Map<string, number>();
  let [objects, longest] = [0, 0];
  for (const { at, deleted, object } of events) {
    if (deleted) {
      if (!gone.has(object)) objects += 1;
      gone.set(object, at);
    } else if (gone.has(object)) {
      longest = Math.max(longest, at - (gone.get(object) ?? at));
      gone.delete(object);
    }
  }
  return { objects, longest, lost: [...gone.keys()] };
}

/** Rules and the mesh's routes as sorted text: rules of one priority are in the order in which they came back. */
const policy = (router: Router): Promise<string> =>
  router.sh('ip rule | sort; ip -6 rule | sort; ip route show table 2 | sort');

async function restarts(router: Router, before: string, deeds: readonly string[]): Promise<void> {
  for (const step of deeds) {
    await router.sh(`systemctl ${step} systemd-networkd && networkctl reconfigure other0`, 300);
    await eventually(async () => expect(await policy(router)).toBe(before), { within: 300, every: 500 });
    await router.inSync();
  }
}

export function beside(at: () => Router): void {
  test('systemd-networkd starts, restarts and reconfigures: everything is restored, and the journal names it', async () => {
    const router = at();
    await router.meshWorks();
    await router.machine.write('/etc/systemd/network/50-other.netdev', '[NetDev]\nName=other0\nKind=dummy\n');
    await router.machine.write(
      '/etc/systemd/network/50-other.network',
      '[Match]\nName=other0\n\n[Network]\nAddress=192.0.2.129/25\nLinkLocalAddressing=no\n',
    );
    const before = await policy(router);
    const begin = await router.sh('date +%s');
    await router.sh(
      `systemd-run -q --collect --unit=${MONITOR} -p StandardOutput=file:${LOG} ip -ts monitor rule route`,
    );

    await restarts(router, before, ['start', 'restart']);
    const spared = parseMonitor(await router.sh(`cat ${LOG}`)).filter(
      ({ deleted, object }) => deleted && isOurs(object),
    );
    // the override of an operator
    await router.machine.write(OVERRIDE, '[Network]\nManageForeignRoutingPolicyRules=yes\nManageForeignRoutes=yes\n');
    await restarts(router, before, ['restart', 'restart']);
    await router.sh(`systemctl stop ${MONITOR}`);

    const ours = parseMonitor(await router.sh(`cat ${LOG}`)).filter(({ object }) => isOurs(object));
    const { objects, longest, lost } = longestGap(ours);
    const journal = await router.sh(`journalctl --no-pager -o cat -u wgospf --since @${begin}`);
    router.say(
      'systemd-networkd',
      `${objects} rules and routes of ours deleted; each back, after at most ${longest} ms`,
    );
    const output = await router.sh('wgospf check');
    // before the checks: later scenarios need the machine as it was
    await router.sh(
      `rm /etc/systemd/network/50-other.* ${OVERRIDE}; rmdir ${dirname(OVERRIDE)}
      systemctl stop systemd-networkd.socket systemd-networkd; ip link delete other0`,
    );
    const [repairs, others] = [
      journal.split('\n').filter((line) => line.startsWith('repaired:')),
      journal.split('\n').filter((line) => !line.startsWith('repaired:')),
    ];
    router.say('journal meanwhile', [...repairs.slice(0, 1), `(${repairs.length} of these)`, ...others].join('\n'));
    expect(spared, 'with the drop-ins of the package').toEqual([]);
    expect(objects, 'networkd did what it is here for').toBeGreaterThan(0);
    expect(lost).toEqual([]);
    expect(journal).toContain('systemd-networkd');
    expect(output).toContain('networkd');
    await router.meshWorks();
  });
}
