// One daemon event of each type, with a key in every place that could contain one by mistake.
import type { Drift } from '../../src/daemon/types.ts';
import type { DaemonEvent } from '../../src/daemon/types.ts';
import type { Operation, Report } from '../../src/engine/types.ts';
import type { Diagnostic } from '../../src/config/diagnostic.ts';

/** Base64 of 32 bytes, as WireGuard writes a key. */
export const SECRET = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=';
const AT = Date.UTC(2026, 10, 22, 18, 30);

export const operation = (over: Partial<Operation> = {}): Operation => ({
  ...{ kind: 'route', key: '2 10.69.0.0/16 metric 64', stage: 'route-add', action: 'create' },
  command: 'ip route add 10.69.0.0/16 dev wg222 table 2 proto wgospf',
  impact: 'none',
  payload: { privateKey: SECRET, config: { peer: { presharedKey: SECRET } } },
  source: { file: '/etc/wgospf/state.yaml', line: 12, col: 5, path: 'tunnels.wg222' },
  ...over,
});

const bird = operation({ kind: 'bird', key: 'bird.conf', stage: 'bird-configure', command: 'birdc configure' });

const overwriting = operation({
  ...{ kind: 'bird', key: '/etc/bird/bird.conf', stage: 'bird-configure', command: 'install bird.conf' },
  keeps: '/var/lib/wgospf/bird/etc/bird/bird.conf.edited-0123456789abcdef',
});

export const report = (over: Partial<Report> = {}): Report => ({
  ...{ generation: '0123456789ab', results: [], remaining: [], waiting: [], foreign: [], conditions: [], inSync: true },
  ...over,
});

const drift: Drift = { ref: 'route:2 10.69.0.0/16 metric 64', undone: 'deleted', at: AT };

export const pass = (over: Partial<Report> = {}): Extract<DaemonEvent, { type: 'pass' }> => ({
  type: 'pass',
  report: report(over),
  triggers: [
    { reason: 'file', at: AT },
    { reason: 'drift', at: AT, drift },
    { reason: 'drift', at: AT, drift },
  ],
  ms: 41.3,
});

export const failing: Partial<Report> = {
  inSync: false,
  results: [
    { operation: operation(), outcome: { status: 'done', ms: 2 } },
    {
      operation: bird,
      outcome: { status: 'failed', code: 'BIRD_8002', message: `line 4:\nunexpected ${SECRET}`, ms: 3 },
    },
    { operation: operation({ key: 'other' }), outcome: { status: 'blocked', by: 'bird:bird.conf' } },
  ],
  remaining: [operation(), bird],
  foreign: [{ kind: 'link', key: 'wg333', message: 'a link of somebody else', blocking: true }],
  waiting: [{ operation: operation(), missing: 'link:eth7' }],
};

const diagnostic = (over: Partial<Diagnostic> = {}): Diagnostic => ({
  ...{ file: '/etc/wgospf/state.yaml', line: 2, col: 15, length: 4, severity: 'error', code: 'unknown-key' },
  ...{ message: `there is no key "${SECRET}" here`, hint: 'privateKeyFile', path: 'tunnels.wg222' },
  ...over,
});

export const events: readonly DaemonEvent[] = [
  pass(),
  pass({ results: [{ operation: operation(), outcome: { status: 'done', ms: 2 } }] }),
  pass(failing),
  { type: 'pass-failed', code: 'EINTR', message: `dump rules: interrupted ${SECRET}`, triggers: [], retryInMs: 2300 },
  { type: 'repaired', drift, goneMs: 11.6, operations: [operation()] },
  { type: 'fight', ref: 'rule:1010', times: 5, culprit: 'systemd-networkd', pauseMs: 60_000 },
  { type: 'overflow' },
  { type: 'state-loaded', generation: '0123456789ab', source: 'file' },
  { type: 'state-loaded', generation: '0123456789ab', source: 'last-good' },
  {
    type: 'state-bad',
    diagnostics: [
      diagnostic(),
      diagnostic({ severity: 'warning', code: 'mtu-low' }),
      diagnostic({ hint: 'run: wg genkey' }),
    ],
    text: `version: 1\n  privateKey: ${SECRET}\n`,
  },
  { type: 'state-withdrawn', generation: '0123456789ab', back: 'ba9876543210' },
  { type: 'state-withdrawn', generation: '0123456789ab', back: undefined },
  { type: 'state-awaited', file: '/etc/wgospf/state.yaml' },
  { type: 'state-mended', generation: '0123456789ab' },
  { type: 'hold', until: AT, ms: 60_000 },
  { type: 'hold', until: undefined, ms: undefined },
  { type: 'resume' },
  {
    type: 'condition',
    condition: { code: 'bird-down', severity: 'error', subject: '/run/bird/bird.ctl', message: 'nobody listens' },
    raised: true,
  },
  {
    type: 'condition',
    condition: { code: 'bird-down', severity: 'error', subject: '/run/bird/bird.ctl', message: 'nobody listens' },
    raised: false,
  },
  {
    type: 'condition',
    condition: { code: 'interface-absent', severity: 'info', subject: 'eth7', message: `not there ${SECRET}` },
    raised: true,
  },
  { type: 'endpoint', tunnel: 'wg222', from: '192.0.2.1:51825', to: '192.0.2.9:51825' },
  { type: 'bird', state: 'up', version: '2.0.12' },
  { type: 'bird', state: 'down', version: undefined },
  { type: 'bird', state: 'silent', version: '2.0.12' },
  { type: 'ready' },
  { type: 'reloading' },
  { type: 'stopping' },
  pass({ results: [{ operation: overwriting, outcome: { status: 'done', ms: 2 } }] }),
];
