// The router under test: a machine, and the questions of every scenario.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { eventually } from '../../netns/lab/eventually.ts';
import { bootMachine } from '../machine/boot-machine.ts';
import { buildImage, type Release } from '../machine/build-image.ts';
import type { Machine } from '../machine/types.ts';

export const KEY = '/etc/wgospf/keys/wg111.key';

/** An operator's state file; the peer's side is test/vm/guest/peer. */
export const stateFile = (peerKey: string): string => `version: 1
router: {node: 222}

mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]

interfaces:
  eth2:
    address: 10.69.2.22/24
    ospf: {stub: true}

tunnels:
  wg111:
    address: 10.70.89.1/31
    listenPort: 51825
    peer:
      publicKey: ${peerKey}
      endpoint: 203.0.113.11:51825
    ospf: {hello: 3, dead: 20}
`;

/** Built before by `npm run test:vm`: the package, and the same as a later version (packaging/test-vm.sh). */
export const LATER = '99.0.0';

async function builtPackages(): Promise<{ built: string; later: string }> {
  const folder = '.cache/vm/packages';
  const names = (await readdir(folder)).filter((name) => name.endsWith('_amd64.deb'));
  const [later, ...others] = names.sort((a, b) => Number(b.includes(LATER)) - Number(a.includes(LATER)));
  const built = others[0];
  if (later?.includes(LATER) !== true || built === undefined) {
    throw new Error(`${folder} lacks the packages that npm run test:vm builds`);
  }
  return { built: join(folder, built), later: join(folder, later) };
}

export class Router {
  readonly machine: Machine;
  readonly release: Release;
  /** the .deb on this host */
  readonly built: string;
  /** the same of a later version */
  readonly later: string;
  #failed = false;

  constructor(machine: Machine, release: Release, packages: { built: string; later: string }) {
    this.machine = machine;
    this.release = release;
    this.built = packages.built;
    this.later = packages.later;
  }

  /** @param name of the machine: each has its own folder */
  static async boot(release: Release, name: string = release): Promise<Router> {
    const packages = await builtPackages();
    const machine = await bootMachine({
      name,
      image: await buildImage(release),
      guest: 'test/vm/guest',
      nics: [
        { mac: 0, wire: 0 },
        { mac: 1, wire: 0 },
      ],
    });
    const router = new Router(machine, release, packages);
    await router.settled();
    return router;
  }

  sh(script: string, seconds = 180): Promise<string> {
    return this.machine.sh(script, { seconds });
  }

  /** A section of the test's log. */
  say(title: string, text: string): void {
    // the last state of a line that was overwritten
    const lines = text.split('\n').map((line) => `  ${line.trimEnd().split('\r').at(-1) ?? ''}`);
    console.log([`${this.release}: ${title}`, ...lines].join('\n'));
  }

  /** Waits until all jobs of the boot are done, with or without failed units. */
  async settled(): Promise<void> {
    await this.machine.run('systemctl is-system-running --wait', { seconds: 600 });
  }

  /** `apt install` of a file, as a user types it. */
  async install(file: string, options = ''): Promise<string> {
    const path = `/root/${file.split('/').at(-1) ?? ''}`;
    await this.machine.copyIn(file, path);
    const printed = await this.sh(
      `cd /root && DEBIAN_FRONTEND=noninteractive apt-get install -y ${options} .${path.slice(5)}`,
      300,
    );
    await this.sh(`rm ${path}`);
    return printed;
  }

  /** The tunnel is up, its adjacency Full, the peer's networks are in the mesh table, and the mesh carries packets. */
  async meshWorks(): Promise<void> {
    await eventually(
      async () => {
        expect(await this.sh('birdc show ospf neighbors')).toMatch(/10\.69\.1\.11\s.*Full/);
        expect(await this.sh('ip route show table 2')).toContain('10.69.1.0/24 via 10.70.89.0 dev wg111 proto bird');
        await this.sh('ip netns exec lan ping -c 1 -W 5 10.69.1.50');
      },
      { within: 300, every: 1000 },
    );
  }

  statusLine(): Promise<string> {
    return this.sh('systemctl show -P StatusText wgospf');
  }

  /** In sync according to wgospf itself, in systemd's status. */
  async inSync(): Promise<void> {
    await eventually(
      async () => expect(await this.statusLine()).toMatch(/^1\/1 tunnels up, 1\/1 adjacencies Full, .*in sync$/),
      { within: 300, every: 1000 },
    );
  }

  async pid(): Promise<number> {
    return Number(await this.sh('systemctl show -P MainPID wgospf'));
  }

  failed(test: string, why: string): void {
    this.#failed = true;
    this.say(`FAILED: ${test}`, why);
  }

  /** After a failure it keeps the logs, and prints the end of the journal. */
  async close(): Promise<void> {
    try {
      if (!this.#failed) return;
      this.say('the end of the journal', await this.sh('journalctl --no-pager -o short-monotonic -n 80'));
      this.say(
        'logs',
        `${await this.machine.keepLogs()}: console.log, journal.txt, uplink.pcap, probe-*.log, peer-bird.log`,
      );
    } finally {
      await this.machine.close();
    }
  }
}
