// An in-memory Linux router that behaves like the kernel, WireGuard and BIRD wherever the product can see a difference.
// host-suite.ts compares it with the real kernel: test/netns/kernel-suite.test.ts runs the suite on both.
import { createSilence } from '../../src/host/silence.ts';
import { createHandshakeAge } from '../../src/host/handshake-age.ts';
import { batched } from '../../src/host/batch.ts';
import type { Host } from '../../src/host/types.ts';
import type { HostEnv } from '../../src/model/types.ts';
import { fakeBird, newBird } from './fake-bird.ts';
import { fakeBirdSecrets } from './fake-bird-secrets.ts';
import { fakeFiles, fakeKeys, fakeNotes } from './fake-files.ts';
import { addLink, setLink } from './fake-links.ts';
import { fakeNamespaces } from './fake-netns.ts';
import { fakeRtnetlink } from './fake-rtnl.ts';
import { fakeNft } from './fake-nft.ts';
import { defaultRules } from './fake-rules.ts';
import { wakeState, type FakeState } from './fake-state.ts';
import { fakeSysctl, initSysctls } from './fake-sysctl.ts';
import { fakeWireguard } from './fake-wg.ts';
import type { FaultPlan } from './fault-plan.ts';
import { createFaultPlan } from './fault-plan.ts';
import { foreignSnapshot, snapshot } from './host-snapshot.ts';
import { instrument } from './instrument.ts';
import { runShell } from './run-shell.ts';

export interface FakeHostOptions {
  /** default true */
  readonly ipv6?: boolean;
  /** default true; false: `wireguard-go` */
  readonly kernelWireguard?: boolean;
  readonly vrf?: boolean;
  /** names that resolve */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  /** a bird.conf that contains this text is a syntax error */
  readonly birdRefuses?: string;
  /** a copy of another host's state, which this host takes over; it replaces all options except `names` */
  readonly state?: FakeState;
}

export interface FakeHost
  extends Host, Pick<FaultPlan, 'calls' | 'failNext' | 'failCall' | 'dieAt' | 'onCall' | 'clear'> {
  readonly env: HostEnv;
  readonly state: FakeState;
  /** the number of calls that changed the host, or tried to */
  writes(): number;
  /** types lines as root: see run-shell.ts */
  readonly run: (text: string) => void;
  /** the whole observable host as text */
  snapshot(): string;
  /** the same without our marked objects and their consequences */
  foreignSnapshot(borrowed?: readonly string[]): string;
}

function newState(options: FakeHostOptions): FakeState {
  const { ipv6 = true, kernelWireguard = true, vrf = true, birdRefuses } = options;
  const state: FakeState = {
    ...{ ipv6, kernelWireguard, vrf, vrfRules: false, nextIndex: 1, now: 1_767_225_600_000 },
    ...{ links: new Map(), addresses: [], routes: [], rules: defaultRules(ipv6), sysctls: new Map() },
    ...{ wg: new Map(), userspace: new Set(), files: new Map(), notes: new Map(), nft: new Map() },
    ...{ namespaces: new Map(), outside: undefined },
    bird: newBird(birdRefuses),
    innerBirds: new Map(),
  };
  initSysctls(state);
  addLink(state, { name: 'lo', kind: '', mtu: 65536 });
  setLink(state, 'lo', { up: true });
  return state;
}

export function createFakeHost(options: FakeHostOptions = {}): FakeHost {
  const state = options.state === undefined ? newState(options) : wakeState(options.state);
  const faults = createFaultPlan();
  const names = options.names ?? {};
  const resolver = {
    resolveName: (name: string): string[] => [...(names[name] ?? (/^[\d.]+$|:/.test(name) ? [name] : []))],
  };
  const shared: Omit<Host, 'rtnl' | 'wg' | 'sysctl' | 'nft'> = {
    keys: batched(instrument('keys', fakeKeys(state), faults)),
    files: batched(instrument('files', fakeFiles(state), faults)),
    bird: batched(instrument('bird', fakeBird(state), faults)),
    birdSecrets: instrument('birdSecrets', fakeBirdSecrets(state), faults),
    notes: instrument('notes', fakeNotes(state), faults),
    netns: fakeNamespaces(state, faults, () => shared),
    ...batched(instrument<Pick<Host, 'resolveName'>>('host', resolver, faults)),
    now: () => state.now,
    ticks: () => state.now,
    handshakeAge: createHandshakeAge({ now: () => state.now, ticks: () => state.now }),
    silence: createSilence({ ticks: () => state.now }),
    sleep: (ms) => Promise.resolve(void (state.now += ms)),
    close: () => undefined,
  };
  return {
    ...shared,
    rtnl: batched(instrument('rtnl', fakeRtnetlink(state), faults)),
    wg: instrument('wg', fakeWireguard(state), faults),
    sysctl: batched(instrument('sysctl', fakeSysctl(state), faults)),
    nft: instrument('nft', fakeNft(state), faults),
    ...{
      calls: faults.calls,
      failNext: faults.failNext,
      failCall: faults.failCall,
      dieAt: faults.dieAt,
      onCall: faults.onCall,
      clear: faults.clear,
    },
    env: { ipv6: state.ipv6, kernelWireguard: state.kernelWireguard, vrf: state.vrf },
    state,
    writes: () => faults.calls.filter((c) => c.write).length,
    run: (text) => runShell(state, text),
    snapshot: () => snapshot(state).join('\n'),
    foreignSnapshot: (borrowed = []) => foreignSnapshot(state, borrowed).join('\n'),
  };
}
