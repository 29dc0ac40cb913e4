// The output of `nft -j list table`, as nft 1.0.6 printed it, and which parts of it count.
import { expect, test } from 'vitest';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNft, flagsOf, parseTable } from '../../src/host/nft.ts';
import { createNftGeneration } from '../../src/host/nft-generation.ts';
import { buildMessage, readMessages, setSequence } from '../../src/host/rtnetlink/message.ts';

const listing = (...objects: readonly unknown[]): string =>
  JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, ...objects] });

const at = { family: 'inet', table: 'wgospf' } as const;

test('chains are read with their hooks, rules by their comments, and sets with their elements', () => {
  const text = listing(
    { table: { family: 'inet', name: 'wgospf', handle: 3 } },
    { set: { ...at, name: 'mesh', type: 'ifname', handle: 4, elem: ['wg222', 'eth1'] } },
    { chain: { ...at, name: 'input', handle: 1, type: 'filter', hook: 'input', prio: -150, policy: 'accept' } },
    { chain: { ...at, name: 'own', handle: 2 } },
    { rule: { ...at, chain: 'input', handle: 5, comment: 'wgospf 1', expr: [{ accept: null }] } },
    { rule: { ...at, chain: 'input', handle: 6, expr: [{ drop: null }] } },
  );
  expect(parseTable(text, 'nft')).toEqual({
    chains: [
      { name: 'input', hook: 'input', priority: -150, policy: 'accept', rules: ['wgospf 1', ''] },
      { name: 'own', hook: '', priority: 0, policy: '', rules: [] },
    ],
    sets: [{ name: 'mesh', type: 'ifname', elements: ['eth1', 'wg222'] }],
  });
});

test('an element with more than a name is a different element', () => {
  const text = listing({
    set: { ...at, name: 'mesh', type: 'ifname', elem: [{ elem: { val: 'wg222', timeout: 9 } }] },
  });
  expect(parseTable(text, 'nft').sets[0]?.elements).not.toContain('wg222');
});

test('an answer that is not JSON is reported', () => {
  expect(() => parseTable('Segmentation fault', 'nft -j list table inet wgospf')).toThrow(
    'nft -j list table inet wgospf: nft printed something that is not a list of rules; apt install --reinstall nftables (EPROTO)',
  );
});

test('a table that is switched off is recognised', () => {
  expect(flagsOf('table inet wgospf {\n\tflags dormant\n\n\tchain input {\n')).toEqual(['dormant']);
  expect(flagsOf('table inet wgospf {\n\tchain input {\n\t\tmeta mark & 1 == 1 comment "flags dormant"')).toEqual([]);
});

test('a look starts nft only if the ruleset changed, or if the generation is not known', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wgospf-nft-'));
  const path = process.env['PATH'];
  try {
    const [program, log] = [join(folder, 'nft'), join(folder, 'log')];
    writeFileSync(program, `#!/bin/sh\necho "$*" >>${log}\necho '{"nftables": []}'\n`);
    chmodSync(program, 0o755);
    writeFileSync(log, '');
    process.env['PATH'] = `${folder}:${path ?? ''}`;
    let generation: number | undefined = 7;
    const nft = createNft({ get: () => Promise.resolve(generation) });
    const started = async (): Promise<number> => {
      const before = readFileSync(log, 'utf8').length;
      await nft.list('inet wgospf');
      return readFileSync(log, 'utf8').length - before;
    };
    expect(await started()).toBeGreaterThan(0);
    expect(await started()).toBe(0);
    generation = 8;
    expect(await started()).toBeGreaterThan(0);
    generation = undefined;
    expect(await started()).toBeGreaterThan(0);
    expect(await started()).toBeGreaterThan(0);
  } finally {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true });
  }
});

/** A kernel that answers a request with an error, or else with the generation. */
const kernel =
  (errno: number, generation: number): Parameters<typeof createNftGeneration>[0] =>
  (handlers) => ({
    send(request) {
      const sequence = readMessages(request)[0]?.sequence ?? 0;
      const [id, code] = [Buffer.alloc(4), Buffer.alloc(20)];
      id.writeUInt32BE(generation);
      code.writeInt32LE(-errno);
      const shared = { flags: 0, attributes: [] };
      const answer = buildMessage({
        ...shared,
        ...{ type: 0xa0f, body: new Uint8Array(4), attributes: [{ type: 1, value: id }] },
      });
      const end = buildMessage({ ...shared, type: 2, body: code });
      for (const one of [answer, end]) setSequence(one, sequence);
      setImmediate(() => handlers.message(Buffer.concat(errno === 0 ? [answer, end] : [end])));
    },
    close: () => undefined,
  });

test("the generation is the kernel's, and undefined if the kernel refuses", async () => {
  expect(await createNftGeneration(kernel(0, 4242)).get()).toBe(4242);
  const known = createNftGeneration(kernel(0, 5));
  expect(await Promise.all([known.get(), known.get()])).toEqual([5, 5]);
  expect(await createNftGeneration(kernel(1, 0)).get()).toBeUndefined();
});
