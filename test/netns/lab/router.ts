// One VPN router of the lab: eth0 on the underlay, BIRD as packaged, and the built wgospf.
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { dump } from './dump.ts';
import { eventually } from './eventually.ts';
import type { ExecOptions, Executed, Namespace } from './namespace.ts';
import { ospfNeighbors, type OspfNeighbor } from './ospf-neighbors.ts';

const checkout = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
/** WGOSPF_PROGRAM names a program that is already built: that of the package, if there is no checkout. */
const given = process.env['WGOSPF_PROGRAM'];
const program = given ?? checkout('dist/wgospf.mjs');

let built: Promise<unknown> | undefined;
const build = (): Promise<unknown> =>
  (built ??=
    given === undefined ? execa(process.execPath, [checkout('packaging/build.mjs'), '--if-stale']) : Promise.resolve());

export interface Router extends Namespace {
  /** the address of eth0, the endpoint of the others' tunnels */
  readonly underlay: string;
  /** the built program's file; built first if a source is newer */
  readonly built: () => Promise<{ readonly program: string }>;
  /** runs the built program, built first if a source is newer; throws if it fails, unless `mayFail` */
  readonly wgospf: (args: readonly string[], options?: ExecOptions) => Promise<Executed>;
  /** writes /etc/wgospf/state.yaml */
  readonly writeState: (text: string) => Promise<void>;
  /** makes a private key file under /etc/wgospf and returns its public key */
  readonly makeKey: (file: string) => Promise<string>;
  /** starts BIRD as its unit does, on /etc/bird/bird.conf, and returns when its socket answers */
  readonly startBird: () => Promise<void>;
  readonly birdc: (command: string) => Promise<string>;
  readonly ospfNeighbors: () => Promise<OspfNeighbor[]>;
  /** its complete configuration as text, for comparison */
  readonly dump: () => Promise<string>;
}

export function makeRouter(namespace: Namespace, underlay: string): Router {
  const { exec, sh } = namespace;
  const birdc = async (command: string): Promise<string> => (await exec('birdc', ['-r', ...command.split(' ')])).stdout;
  return {
    ...namespace,
    underlay,
    birdc,
    built: async () => {
      await build();
      return { program };
    },
    wgospf: async (args, options) => {
      await build();
      return exec(process.execPath, [program, ...args], options);
    },
    writeState: (text) => namespace.writeFile('/etc/wgospf/state.yaml', text, 0o640),
    makeKey: async (file) =>
      (
        await sh(`umask 077; cd /etc/wgospf; mkdir -p "$(dirname ${file})"; wg genkey >${file}; wg pubkey <${file}`)
      ).trim(),
    startBird: async () => {
      await exec('bird', ['-u', 'bird', '-g', 'bird']);
      await eventually(() => birdc('show status'));
    },
    ospfNeighbors: async () => ospfNeighbors(await birdc('show ospf neighbors')),
    dump: () => dump(namespace),
  };
}
