// Every plan that the golden cases make: the rounds of applying the case's state file, and then those of `down`; on a router that
// forwards nothing before it, and on one that forwards for others already and has an uplink of both families (`busy`).
import { deserialize, serialize } from 'node:v8';
import { applyOperations } from '../../src/engine/apply.ts';
import { makePlan } from '../../src/engine/plan.ts';
import type { Operation } from '../../src/engine/types.ts';
import type { RouterModel } from '../../src/model/types.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost, type FakeHost } from '../fakes/fake-host.ts';
import type { FakeState } from '../fakes/fake-state.ts';
import { readState } from '../fakes/read-state.ts';
import type { GoldenCase } from '../golden/golden-case.ts';
import { modelOf, prepareHost } from '../golden/golden-case.ts';

export interface WalkedPlan {
  /** `vrf-to-table, busy, down 1` */
  readonly name: string;
  readonly golden: GoldenCase;
  /** the host before the first operation */
  readonly memory: Buffer;
  readonly operations: readonly Operation[];
  /** what the plan leads to; undefined for `down` */
  readonly model: RouterModel | undefined;
  /** what was in force before, where anything was */
  readonly earlier: RouterModel | undefined;
}

const BUSY = `
sysctl -w net.ipv4.ip_forward=1
sysctl -w net.ipv6.conf.all.forwarding=1
ip -6 address add 2001:db8:51::11/64 dev eth0
ip -6 route add default via 2001:db8:51::1 dev eth0 metric 2048
`;

/** As often as a pass looks again. */
const ROUNDS = 3;

export const wake = ({ golden: { names = {} }, memory }: Pick<WalkedPlan, 'golden' | 'memory'>): FakeHost =>
  createFakeHost({ names, state: deserialize(memory) as FakeState });

type Way = Omit<WalkedPlan, 'memory' | 'operations'> & { readonly adopt: boolean };

/** Goes the whole way on `host`, and tells of each round before it is done. */
async function roundsOf(host: FakeHost, { adopt, ...way }: Way): Promise<WalkedPlan[]> {
  const plans: WalkedPlan[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const { operations } = await makePlan(host, resources, way.model, { adopt });
    if (operations.length === 0) break;
    plans.push({ ...way, name: `${way.name} ${round}`, memory: serialize(host.state), operations });
    const results = await applyOperations(host, resources, operations);
    if (results.some(({ outcome }) => outcome.status !== 'done')) break;
  }
  return plans;
}

export type RouterKind = 'plain' | 'busy';

async function plansOn(golden: GoldenCase, kind: RouterKind): Promise<WalkedPlan[]> {
  const host = await prepareHost(golden);
  if (kind === 'busy') host.run(host.env.ipv6 ? BUSY : BUSY.replaceAll(/^(ip -6|sysctl -w net.ipv6).*\n/gm, ''));
  const model = modelOf(golden, host);
  const before = golden.before === undefined ? undefined : readState(golden.before, host.env);
  const shared = { golden, adopt: golden.adopt };
  const name = `${golden.name}, ${kind}`;
  const there = await roundsOf(host, { ...shared, name: `${name},`, model, earlier: before });
  if (model === undefined) return there;
  const down = { ...shared, adopt: false, name: `${name}, down`, model: undefined, earlier: model };
  return [...there, ...(await roundsOf(host, down))];
}

export async function plansOf(golden: GoldenCase, kinds: readonly RouterKind[]): Promise<WalkedPlan[]> {
  const plans: WalkedPlan[] = [];
  for (const kind of kinds) plans.push(...(await plansOn(golden, kind)));
  return plans;
}
