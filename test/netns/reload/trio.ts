// What a reload is watched on: router a with two cables to b and one to c, all Full, a ping over each way to c, and whatever
// the kernel and BIRD's log tell of it. Cables instead of tunnels: OSPF does not care.
import type { RouterModel } from '../../../src/model/types.ts';
import { renderBirdConf } from '../../../src/resources/bird/render.ts';
import { readState } from '../../fakes/read-state.ts';
import { useBird, type BirdVersion } from '../lab/bird-versions.ts';
import { eventually } from '../lab/eventually.ts';
import type { Lab } from '../lab/make-lab.ts';
import type { Router } from '../lab/router.ts';
import type { Running } from '../lab/running.ts';

export const CABLES = ['wga', 'wgb', 'wgc'] as const;
const LOG = '/run/bird/log';
/** what wgospf writes beside it, for the one row with a password */
const SECRETS = '/var/lib/wgospf/bird/etc/bird/bird.conf.secrets';
const CONF = '/etc/bird/bird.conf';

/** Text to text: an edit of a state file, or of a bird.conf by hand. */
export type Edit = (text: string) => string;
export const same: Edit = (text) => text;

export type Name = 'a' | 'b' | 'c';
const numbers: Readonly<Record<Name, number>> = { a: 1, b: 2, c: 3 };
const addresses: Readonly<Record<Name, Readonly<Record<string, string>>>> = {
  a: { wga: '10.70.1.0/31', wgb: '10.70.1.2/31', wgc: '10.70.1.4/31' },
  b: { wga: '10.70.1.1/31', wgb: '10.70.1.3/31' },
  c: { wgc: '10.70.1.5/31' },
};
const costs: Readonly<Record<string, number>> = { wga: 15, wgb: 20, wgc: 10 };

/** The state file of one of the three, with its cables as local interfaces. */
export function stateOf(name: Name): string {
  const links = Object.entries(addresses[name]).map(
    ([dev, address]) =>
      `  ${dev}: {address: ${address}, ospf: {cost: ${costs[dev] ?? 1}, type: ptp, hello: 1, dead: 4}}\n`,
  );
  return `version: 1
router: {id: 10.69.${numbers[name]}.1}
mesh:
  table: {name: nycmesh, id: 2}
  prefixes: [10.69.0.0/16, 10.70.0.0/16]
interfaces:
  lan: {address: 10.69.${numbers[name]}.1/24, ospf: {stub: true}}
${links.join('')}bird:
  kernel: {metric: 64, scanTime: 10}
`;
}

/** The product's bird.conf, with a log that tells of every neighbour. */
export function confOf(stateText: string, { label, major }: BirdVersion): string {
  const version = major === 1 ? '1.6' : String(major);
  const env = { ipv6: true, kernelWireguard: true, bird: label };
  const model: RouterModel = readState(`${stateText}  version: ${version}\n`, env);
  return renderBirdConf(model).replace('log syslog all;', `log "${LOG}" all;\ndebug protocols { events };`);
}

/** Everything of router a between two moments. */
export interface Happened {
  /** lines of `ip monitor route` about BIRD's routes, `Deleted` ones among them */
  readonly routes: readonly string[];
  /** what BIRD said, without time and severity */
  readonly log: readonly string[];
}

export interface Trio {
  readonly a: Router;
  readonly b: Router;
  readonly version: BirdVersion;
  /** what `configure` answered, its last code: `0003` */
  readonly configure: (router: Router, conf: string, command?: string) => Promise<string>;
  /** BIRD's routes in all tables of a, sorted */
  readonly routes: () => Promise<string[]>;
  /** what happened since then */
  readonly mark: () => Promise<() => Promise<Happened>>;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '');

const plain = (line: string): string => line.replace(/^\S+ \S+ (?:\[\d+\] )?<\w+> /, '');

function happened(monitored: string, logged: string): Happened {
  const routes = lines(monitored).map((line) => line.trim().replaceAll(/\s+/g, ' '));
  return { routes: routes.filter((line) => line.includes('proto bird')), log: lines(logged).map(plain) };
}

/** Marks a moment in the kernel's own stream by a route of nobody's, and waits until the monitor has told of it. */
async function passMarker(router: Router, monitor: Running, n: number): Promise<number> {
  const marker = `192.0.2.${n % 256} dev lan table 99 proto static metric ${n}`;
  await router.sh(`ip route add ${marker}; ip route del ${marker}`);
  const line = new RegExp(`Deleted 192\\.0\\.2\\.${n % 256} .*metric ${n} .*\\n`);
  return eventually(
    () => {
      const found = line.exec(monitor.output());
      if (found === null) throw new Error('the route monitor is silent');
      return found.index + found[0].length;
    },
    { every: 10, within: 2 },
  );
}

async function setUp(router: Router, name: Name, version: BirdVersion): Promise<void> {
  await useBird(router, version);
  const links = Object.entries({ ...addresses[name], lan: `10.69.${numbers[name]}.1/24` });
  await router.sh(`
    sysctl -qw net.ipv4.ip_forward=1
    ip link add lan type bridge; ip link set lan up
    ip rule add lookup 2 pref 100
    ${links.map(([dev, address]) => `ip addr add ${address} dev ${dev}`).join('\n')}`);
  await router.writeFile(SECRETS, 'define wgospf_password_wgb = "a password";\n');
  await router.writeFile(CONF, confOf(stateOf(name), version));
  await router.startBird();
}

async function makeRouters(lab: Lab, label: string): Promise<Record<Name, Router>> {
  const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => lab.router(`${name}${label}`)));
  if (a === undefined || b === undefined || c === undefined) throw new Error('no routers');
  await Promise.all([
    lab.connect(a, 'wga', b, 'wga'),
    lab.connect(a, 'wgb', b, 'wgb'),
    lab.connect(a, 'wgc', c, 'wgc'),
  ]);
  return { a, b, c };
}

const configure: Trio['configure'] = async (router, conf, command = 'configure') => {
  await router.writeFile(CONF, conf);
  const { stdout } = await router.exec('birdc', ['-v', command], { mayFail: true });
  const codes = Array.from(stdout.matchAll(/^(\d{4})[ -]/gm), ([, code]) => code ?? '');
  return codes.at(-1) ?? stdout;
};

async function routesOf(router: Router): Promise<string[]> {
  const { stdout } = await router.exec('ip', ['route', 'show', 'table', 'all', 'proto', 'bird']);
  return lines(stdout.replaceAll('\n\t', ' '))
    .map((line) => line.trim())
    .sort();
}

/** Three routers of that version in the lab. */
export async function makeTrio(lab: Lab, version: BirdVersion, label: string): Promise<Trio> {
  const { a, b, c } = await makeRouters(lab, label);
  await Promise.all([setUp(a, 'a', version), setUp(b, 'b', version), setUp(c, 'c', version)]);
  const monitor = a.start('ip', ['monitor', 'route']);
  let markers = 0;
  const readLog = (): Promise<string> => a.readFile(LOG);
  // a monitor that is only starting misses the first
  const position = (): Promise<number> => eventually(() => passMarker(a, monitor, (markers += 1)));

  return {
    a,
    b,
    version,
    configure,
    routes: () => routesOf(a),
    mark: async () => {
      const [from, logged] = [await position(), (await readLog()).length];
      return async () => {
        const to = await position();
        return happened(monitor.output().slice(from, to), (await readLog()).slice(logged));
      };
    },
  };
}
