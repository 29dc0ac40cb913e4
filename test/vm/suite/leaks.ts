// The proof of test/leaks inside the machine: its routers are namespaces there, with the kernel's WireGuard, the packaged
// program and the packaged Node, separated by a VRF, which kernels of build machines often lack.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import type { Router } from './router.ts';

const FOLDER = '/root/leaks';

/** The program as one file. The files that it reads are copied beside it. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await esbuild.build({
    entryPoints: ['test/leaks/main.ts'],
    outfile: 'main.mjs',
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // bundled CommonJS packages call require, which an ES module does not have
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    logLevel: 'warning',
    write: false,
  });
  const code = outputFiles[0]?.contents;
  if (code === undefined) throw new Error('esbuild made no file of test/leaks/main.ts');
  return code;
}

async function copyProgram({ machine }: Router): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'wgospf-leaks-'));
  try {
    await writeFile(join(folder, 'main.mjs'), await bundle());
    await machine.copyIn(join(folder, 'main.mjs'), `${FOLDER}/main.mjs`);
  } finally {
    await rm(folder, { recursive: true });
  }
  await machine.copyIn('test/leaks/prober.pl', `${FOLDER}/prober.pl`);
  await machine.copyIn('test/netns/lab/holder.sh', `${FOLDER}/holder.sh`);
}

/** Needs the installed package; the machine's own router does not change. */
export function leaks(at: () => Router): void {
  test(
    "nothing crosses with a VRF and the kernel's WireGuard; the seed's own stanzas leak",
    { timeout: 1_600_000 },
    async () => {
      const router = at();
      await copyProgram(router);
      const { code, stdout, stderr } = await router.machine.run(
        `cd ${FOLDER} && LAB_PATIENCE=5 WGOSPF_PROGRAM=/usr/lib/wgospf/wgospf.mjs WGOSPF_GUARD=/usr/lib/wgospf/wgospf-guard \
        /usr/lib/wgospf/node main.mjs --slow --mode vrf --change-to table --parts modes,contrast`,
        { seconds: 1500 },
      );
      router.say('nothing crosses', stdout + stderr);
      expect(code).toBe(0);
      expect(stdout).toMatch(/probes: nothing crossed, and down gave back all$/m);
      expect(stdout).toMatch(/^the seed's own stanzas, 4 phases: [1-9]\d+ packets crossed$/m);
      await router.sh(`rm -r ${FOLDER}`);
    },
  );
}
