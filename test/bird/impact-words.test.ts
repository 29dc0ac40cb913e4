// The grade of a change of each key that OSPF has in the state file. The table of reloads in test/netns checks BIRD's real
// behaviour.
import { expect, test } from 'vitest';
import type { OspfInstance, OspfInterface, RouterModel } from '../../src/model/types.ts';
import { gradeChange } from '../../src/resources/bird/impact.ts';
import { renderBirdConf } from '../../src/resources/bird/render.ts';
import { readSections } from '../../src/resources/bird/sections.ts';
import { area, instance, model, ospf, prefix, tunnel } from './models.ts';

const router = (
  first: Partial<OspfInterface> = {},
  changes: Partial<OspfInstance> = {},
  more: Partial<RouterModel['bird']> = {},
): RouterModel =>
  model({
    tunnels: [
      tunnel('wg1', '10.70.89.0/31', ospf({ type: 'ptp', ...first })),
      tunnel('wg2', '10.70.89.2/31', ospf({ type: 'ptp' })),
    ],
    bird: { instances: [instance(changes), instance({ name: 'campus' })], ...more },
  });

const bfd = (interval: number): OspfInterface['bfd'] => ({
  ...{ minRxInterval: interval, minTxInterval: interval, idleTxInterval: 1000, multiplier: 5 },
});

const key = (constant: string): Partial<OspfInterface> => ({
  authentication: {
    type: 'cryptographic',
    keys: [
      {
        ...{ id: 1, algorithm: 'hmac-sha256', constant, passwordFile: '/etc/wgospf/keys/a' },
        ...{ generateFrom: undefined, generateTo: undefined, acceptFrom: undefined, acceptTo: undefined },
      },
    ],
  },
});

const stubArea = area('1', { type: 'stub' });

test.for([
  ['retransmit', router(), router({ retransmit: 3 }), 'none'],
  ['priority', router(), router({ priority: 3 }), 'none'],
  ['txLength', router(), router({ txLength: 1366 }), 'none'],
  ['ttlSecurity', router(), router({ ttlSecurity: true }), 'adjacency-reset'],
  ['ttlSecurity tx only', router({ ttlSecurity: true }), router({ ttlSecurity: 'tx only' }), 'adjacency-reset'],
  ['bfd on', router(), router({ bfd: bfd(500) }), 'none'],
  ['bfd slower', router({ bfd: bfd(300) }), router({ bfd: bfd(500) }), 'none'],
  ['authentication', router(), router(key('wgospf_password_a')), 'none'],
  ['another password', router(key('wgospf_password_a')), router(key('wgospf_password_b')), 'none'],
  ['a link to another area', router(), router({ area: '1' }, { areas: [area('0'), area('1')] }), 'adjacency-reset'],
  ['a link to another instance', router(), router({ instance: 'campus' }), 'adjacency-reset'],
  ['a second area', router(), router({}, { areas: [area('0'), area('1')] }), 'adjacency-reset'],
  [
    'type of an area',
    router({}, { areas: [area('0'), area('1')] }),
    router({}, { areas: [area('0'), stubArea] }),
    'adjacency-reset',
  ],
  [
    'networks of an area',
    router(),
    router({}, { areas: [area('0', { networks: [{ prefix: prefix('10.70.0.0/16'), hidden: false }] })] }),
    'none',
  ],
  ['importLimit', router(), router({}, { importLimit: { routes: 500, action: 'block' } }), 'none'],
  ['stubRouter', router(), router({}, { stubRouter: true }), 'none'],
  ['export connected', router(), router({}, { export: { kind: 'connected' } }), 'none'],
  ['IPv6 beside', router(), router({}, { ipv6: true }), 'none'],
  ['IPv4 over OSPFv3', router(), router({}, { ipv4: 'v3' }), 'adjacency-reset'],
  ['a pattern in place of names', router(), router({}, { tunnelPattern: 'wg*' }), 'none'],
  ['names in place of a pattern', router({}, { tunnelPattern: 'wg*' }), router(), 'none'],
  [
    'another type, and a pattern',
    router(),
    model({
      tunnels: [1, 2].map((n) => tunnel(`wg${n}`, `10.70.89.${2 * n - 2}/31`, ospf({ type: 'ptmp' }))),
      bird: { instances: [instance({ tunnelPattern: 'wg*' }), instance({ name: 'campus' })] },
    }),
    'adjacency-reset',
  ],
  [
    'a changed snippet',
    router({}, {}, { include: '/etc/x/*.conf', snippets: [{ file: '/etc/x/a.conf', digest: '0' }] }),
    router({}, {}, { include: '/etc/x/*.conf', snippets: [{ file: '/etc/x/a.conf', digest: '1' }] }),
    'none',
  ],
] as const)('%s', ([, before, after, impact]) => {
  const sections = (of: RouterModel): ReturnType<typeof readSections> => readSections(renderBirdConf(of));
  expect(gradeChange(sections(before), sections(after))).toBe(impact);
  expect(renderBirdConf(after)).not.toBe(renderBirdConf(before));
});
