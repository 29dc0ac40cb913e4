// The part of the file that depends on the host's kernel: VRF devices.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/config/read-model.ts';

const text = readFileSync(new URL('good/node111.yaml', import.meta.url), 'utf8').replace(
  '\nmesh:\n',
  '\nmesh:\n  isolation: vrf\n',
);

test('isolation vrf is refused on a kernel without VRF devices, and accepted if the kernel is not known', () => {
  const codes = (vrf?: boolean): string[] =>
    readModel(text, 'state.yaml', {
      ...{ ipv6: true, kernelWireguard: true },
      ...(vrf === undefined ? {} : { vrf }),
    }).diagnostics.map(({ code }) => code);
  expect([codes(false), codes(true), codes()]).toEqual([['vrf-missing'], [], []]);
});
