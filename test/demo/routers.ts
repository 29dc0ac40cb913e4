// The demo's routers: a fresh one with the `wgospf` command, keys and state file, as its operator would set it up.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../netns/lab/make-lab.ts';
import type { Namespace } from '../netns/lab/namespace.ts';
import type { Router } from '../netns/lab/router.ts';
import { localAddresses } from '../netns/lab/seed-mesh.ts';

export interface DemoRouter {
  readonly router: Router;
  /** the machine in its local network */
  readonly host: Namespace;
}

const program = fileURLToPath(new URL('../../dist/wgospf.mjs', import.meta.url));
const template = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');

/** Public keys by `node222 wg111`: the router and its tunnel. */
export type PublicKeys = Map<string, string>;

export async function fill(name: string, keys: PublicKeys): Promise<string> {
  const text = await template(name);
  return text.replace(/<(node\d+ wg\d+)>/g, (placeholder, key: string) => keys.get(key) ?? placeholder);
}

/** A router as installed: BIRD runs with the package's file, the tunnels' far ends have names, nothing else is configured. */
export async function makeDemoRouter(lab: Lab, node: number): Promise<DemoRouter> {
  const router = await lab.router(`node${node}`);
  const local = localAddresses(node);
  const host = await lab.host(`host${node}`, router, {
    dev: 'eth1',
    address: `${local.host}/24`,
    gateway: local.router,
  });
  await router.writeFile('/etc/hosts', '127.0.0.1 localhost\n198.51.100.2 vpn222.example.net\n');
  // for the demo's own commands and for users who look around inside
  await router.writeFile(
    '/etc/bash.bashrc',
    `PATH=$PATH:/usr/sbin:/sbin\nPS1='\\h# '\nwgospf() { '${process.execPath}' '${program}' "$@"; }\n`,
  );
  await router.startBird();
  return { router, host };
}
