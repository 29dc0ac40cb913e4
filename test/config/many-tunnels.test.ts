// For a router with many tunnels `check` recommends ways that cost its packets less.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/config/read-model.ts';

const base = readFileSync(new URL('good/node111.yaml', import.meta.url), 'utf8');

/** With tunnels to n more nodes, with valid keys and addresses. */
function withTunnels(n: number, mesh = ''): string {
  const more = Array.from({ length: n }, (_, i) => {
    const key = Buffer.alloc(32, i + 1).toString('base64');
    return `  many${i}: {address: 10.70.200.${2 * i}/31, listenPort: ${20000 + i}, peer: {publicKey: ${key}}}\n`;
  });
  return base.replace('\nmesh:\n', `\nmesh:\n${mesh}`).replace('\ntunnels:\n', `\ntunnels:\n${more.join('')}`);
}

const codes = (text: string, vrf = true): string[] =>
  readModel(text, 'state.yaml', { ipv6: true, kernelWireguard: true, vrf }).diagnostics.map(({ code }) => code);

test('fifty tunnels with their own rules give the advice to use a VRF, if the kernel has VRFs', () => {
  expect(codes(withTunnels(10))).toEqual([]);
  expect(codes(withTunnels(60))).toEqual(['many-tunnels']);
  expect(codes(withTunnels(60), false)).toEqual([]);
  for (const cheap of ['isolation: vrf', 'isolation: netns', 'match: mark']) {
    expect(codes(withTunnels(60, `  ${cheap}\n`)), cheap).not.toContain('many-tunnels');
  }
});
