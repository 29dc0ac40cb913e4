// The cost of the package on this machine. Printed and not checked: the speed of an emulated machine beside another means nothing.
import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Router } from './router.ts';

const megabytes = (kilobytes: number): string => `${(kilobytes / 1024).toFixed(1)} MB`;

/** Milliseconds that a command takes. */
const took = async (router: Router, command: string): Promise<number> =>
  Number(await router.sh(`begin=$(date +%s%N); ${command}; end=$(date +%s%N); echo $(((end - begin) / 1000000))`));

export function sizes(at: () => Router): void {
  test('sizes, memory and time to READY are printed', async () => {
    const router = at();
    const { size } = await stat(router.built);
    const installed = Number(await router.sh(`dpkg-query -W -f '\${Installed-Size}' wgospf`));
    const disk = Number(
      await router.sh(
        `dpkg -L wgospf | while read -r f; do [ -d "$f" ] || echo "$f"; done | xargs du -ck | tail -1 | cut -f1`,
      ),
    );
    const idle = await took(router, '/usr/lib/wgospf/node -e 0');
    await router.sh('systemctl stop wgospf');
    const ready = await took(router, 'systemctl start wgospf');
    await router.inSync();
    const memory = await router.sh(`grep -E '^(Rss|Pss):' /proc/${await router.pid()}/smaps_rollup`);
    const [rss = 0, pss = 0] = [...memory.matchAll(/(\d+) kB/g)].map((found) => Number(found[1]));
    router.say(
      'sizes',
      [
        `.deb                        ${megabytes(size / 1024)}`,
        `installed                   ${megabytes(disk)} (by its control file ${megabytes(installed)})`,
        `daemon, RSS                 ${megabytes(rss)}`,
        `daemon, PSS                 ${megabytes(pss)}`,
        `systemctl start to READY    ${ready} ms`,
        `node -e 0                   ${idle} ms`,
      ].join('\n'),
    );
    for (const figure of [size, installed, disk, rss, pss, ready, idle]) expect(figure).toBeGreaterThan(0);
  });

  test('systemd-analyze security rates the units 2.0 or better', async () => {
    const router = at();
    const output = await router.sh('systemd-analyze security --no-pager wgospf.service');
    router.say('systemd-analyze security, but for what is as it should be', output.replaceAll(/^.*✓.*\n/gm, ''));
    const score = Number(/Overall exposure level for wgospf.service: ([0-9.]+)/.exec(output)?.[1]);
    expect(score).toBeLessThanOrEqual(2);
  });
}
