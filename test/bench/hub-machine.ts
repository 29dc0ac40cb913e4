// A virtual machine with the kernel's WireGuard and the current package, its daemon idle. It is emulated: only ratios count.
import { execa } from 'execa';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootMachine } from '../vm/machine/boot-machine.ts';
import { buildImage } from '../vm/machine/build-image.ts';
import type { Machine } from '../vm/machine/types.ts';
import { hubState, type HubTunnel } from './hub.ts';

/** Seconds that a script of the machine may take. */
export const SECONDS = 3600;

export interface HubMachineOptions {
  /** for its logs */
  readonly name: string;
  /** programs in C that it gets in /root, by name */
  readonly programs?: Readonly<Record<string, string>>;
}

/** Needs root, QEMU and, for programs, gcc. */
export async function withHubMachine<T>(
  { name, programs = {} }: HubMachineOptions,
  work: (machine: Machine) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'wgospf-bench-'));
  try {
    await cp('test/vm/guest/runner', join(folder, 'runner'));
    await writeFile(join(folder, 'boot'), '#!/bin/sh\n', { mode: 0o755 });
    for (const [program, source] of Object.entries(programs))
      await execa('gcc', ['-O2', '-static', '-o', join(folder, program), source]);
    await execa(process.execPath, ['packaging/package.ts', '--arch', 'amd64', '--fast', '--out', folder]);
    const deb = (await readdir(folder)).find((file) => file.endsWith('.deb')) ?? '';
    const nics = [
      { mac: 0, wire: 0 },
      { mac: 1, wire: 1 },
    ];
    const image = await buildImage('bookworm');
    const machine = await bootMachine({ name, image, nics, guest: folder, memory: 3072 });
    try {
      await machine.run('systemctl is-system-running --wait', { seconds: 600 });
      await machine.copyIn(join(folder, deb), '/root/wgospf.deb');
      await machine.sh('DEBIAN_FRONTEND=noninteractive apt-get install -y /root/wgospf.deb', { seconds: 600 });
      await machine.sh('systemctl stop wgospf; modprobe wireguard; ip link set eth1 up');
      for (const program of Object.keys(programs)) await machine.sh(`cp /run/host/guest/${program} /root/${program}`);
      return await work(machine);
    } finally {
      await machine.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A script that writes the hub's state file and key. */
export const hubFiles = (tunnels: readonly HubTunnel[]): string => `mkdir -p -m 700 /etc/wgospf/keys
(umask 077; wg genkey >/etc/wgospf/keys/hub.key)
cat >/etc/wgospf/state.yaml <<'END'
${hubState(tunnels)}
END
`;
