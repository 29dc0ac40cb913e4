// Nothing crosses: a mesh of four routers in every phase of a router's life, in every mode that namespaces can show, and
// the seed's own stanzas under the same probes and captures as the contrast. `node test/leaks/main.ts` runs one of these.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { FORWARDED } from '../leaks/states.ts';
import { crossings } from '../leaks/record.ts';
import { scenario, type Proof, type ScenarioOptions } from '../leaks/scenario.ts';
import { details, head, line, verdict } from '../leaks/table.ts';

const guard = fileURLToPath(new URL('../../systemd/wgospf-guard', import.meta.url));

async function prove(options: Omit<ScenarioOptions, 'guard'>): Promise<Proof> {
  const proof = await scenario({ ...options, guard });
  const rows = [...proof.phases, ...proof.contrast].flatMap((phase) => [line(phase), ...details(phase, 2)]);
  console.log(
    [`${options.mode}, rp_filter ${options.rpFilter ?? 1} beforehand`, head, ...rows, verdict(proof)].join('\n'),
  );
  return proof;
}

describe.concurrent('nothing crosses', { timeout: 400_000 }, () => {
  test("with a table; the seed's own stanzas leak", async () => {
    const { faults, contrast } = await prove({
      mode: 'table',
      rpFilter: 0,
      parts: ['changes', 'faults', 'networkd', 'contrast'],
    });
    expect(faults).toEqual([]);
    for (const phase of contrast) {
      expect(crossings(phase), `${phase.name}: the capture can see what crosses`).toBeGreaterThan(100);
      expect(phase.crossed.get('uplink'), phase.name).not.toEqual([]);
      expect(phase.crossed.get('L'), phase.name).not.toEqual([]);
    }
    const uplink = contrast.flatMap(({ crossed }) => crossed.get('uplink') ?? []);
    for (const from of FORWARDED)
      expect(
        uplink.some((packet) => packet.includes(` ${from} > `)),
        from,
      ).toBe(true);
    const both = contrast.flatMap(({ answered }) => answered);
    for (const name of [
      'L: internet',
      'L: internet, IPv6',
      'internet: host behind A',
      'internet: host behind A, IPv6',
    ]) {
      expect(both).toContain(name);
    }
  });

  test('in a namespace', async () => {
    const { faults } = await prove({ mode: 'netns', rpFilter: 1, parts: ['changes', 'faults'] });
    expect(faults).toEqual([]);
  });

  test('with one rule for a mark, while somebody flushes the ruleset', async () => {
    const { faults } = await prove({ mode: 'table+mark', rpFilter: 2, parts: ['ruleset'] });
    expect(faults).toEqual([]);
  });

  test('with a firewall in addition, while somebody flushes the ruleset', async () => {
    const { faults } = await prove({ mode: 'table+nftables', rpFilter: 1, parts: ['ruleset', 'networkd'] });
    expect(faults).toEqual([]);
  });
});
