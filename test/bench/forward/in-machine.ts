// Runs a script in a virtual machine of Debian 12, whose kernel has VRF, which this one may lack. Emulated: it takes minutes.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootMachine } from '../../vm/machine/boot-machine.ts';
import { buildImage } from '../../vm/machine/build-image.ts';

const SECONDS = 3600;

/** Needs root and QEMU. Returns the output of the script. */
export async function runInMachine(script: string): Promise<string> {
  const guest = await mkdtemp(join(tmpdir(), 'wgospf-bench-'));
  try {
    await cp('test/vm/guest/runner', join(guest, 'runner'));
    await writeFile(join(guest, 'boot'), '#!/bin/sh\n', { mode: 0o755 });
    const image = await buildImage('bookworm');
    const machine = await bootMachine({ name: 'bench-forward', image, nics: [{ mac: 1, wire: 1 }], guest });
    try {
      await machine.write('/root/forward', script);
      return await machine.sh('unshare --mount --propagation private bash /root/forward', { seconds: SECONDS });
    } finally {
      await machine.close();
    }
  } finally {
    await rm(guest, { recursive: true });
  }
}
