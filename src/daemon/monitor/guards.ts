// Protects guards that somebody deletes: each is restored at once. If one cannot be kept in place, its path is closed differently:
// the links that it guards go down until the contest is over, except those over which an operator is logged in.
import type { Condition, ObjectRef, Result } from '../../engine/types.ts';
import type { Clock } from '../../host/clock.ts';
import { readLogins } from '../../host/logins.ts';
import type { Host } from '../../host/types.ts';
import { placeOf } from '../../model/sides.ts';
import type { RouterModel } from '../../model/types.ts';
import { interfaceGuard, meshLinks } from '../../resources/tags.ts';
import type { Trigger } from '../types.ts';
import { createContests } from './contests.ts';
import { findCulprit } from './culprit.ts';
import { createGuardKeeper, type Guard, type GuardKeeper } from './guard-keeper.ts';
import { createPaced } from './paced.ts';

export interface GuardsOptions {
  readonly host: Host;
  readonly clock: Clock;
  readonly trigger: (trigger: Trigger) => void;
  /** the watched model; undefined: nothing is repaired now */
  readonly model: () => RouterModel | undefined;
}

export interface Guards {
  /** called when somebody deleted a guard */
  undone(ref: ObjectRef, guard: Guard, at: number): void;
  /** the guards restored since the last call */
  take(): Result[];
  readonly doneAt: GuardKeeper['doneAt'];
  /** links to hold down */
  closed(): readonly string[];
  conditions(): Condition[];
  close(): void;
}

interface Contest {
  readonly links: readonly string[];
  /** links over which an operator is logged in */
  readonly spared: readonly string[];
  readonly culprit: string | undefined;
}

const PASS_EVERY_MS = 1_000;

/** Links of SSH logins: those over which the replies leave, and those with the address that the client called. */
async function waysIn(host: Host): Promise<ReadonlySet<string>> {
  const logins = (await readLogins(host)).filter(({ ssh }) => ssh);
  const [answers, addresses] = await Promise.all([
    host.rtnl.lookUp(logins.map(({ local, remote }) => ({ to: remote.address, from: local.address, iif: '' }))),
    host.rtnl.addresses(),
  ]);
  const called = addresses.filter(({ prefix }) => logins.some(({ local }) => local.address === prefix.address));
  return new Set([
    ...answers.flatMap((answer) => (answer.verdict === 'forward' ? [answer.dev] : [])),
    ...called.map(({ dev }) => dev),
  ]);
}

/** A guard of one interface guards that one, any other guards all. None if the mesh is in a namespace: its links lead nowhere outside. */
function guarded({ operation }: Guard, model: RouterModel): string[] {
  if (placeOf(model) !== '') return [];
  const names = meshLinks(model).map(({ name }) => name);
  const own = names.filter((name) => operation.provides?.includes(interfaceGuard(name)) === true);
  return own.length > 0 ? own : names;
}

function tell(ref: ObjectRef, { links, spared, culprit }: Contest): Condition {
  const closed = links.length === 0 ? '' : `; ${links.join(', ')} is down meanwhile, so that nothing crosses`;
  const open = spared.length === 0 ? '' : `; ${spared.join(', ')} stays up, as somebody is logged in by it`;
  const message =
    `this guard is deleted again and again, faster than it can be kept${closed}${open}; ` +
    `find out who does it${culprit === undefined ? '' : `, perhaps ${culprit}`} ('ip monitor rule route' shows when), and stop it: ` +
    `all comes back by itself when it is quiet`;
  return { code: 'guard-contested', severity: 'error', subject: ref, message };
}

export function createGuards({ host, clock, trigger, model }: GuardsOptions): Guards {
  const pass = createPaced(clock, PASS_EVERY_MS, () => trigger({ reason: 'drift', at: clock.ticks() }));
  const keeper = createGuardKeeper({ host, clock, failed: pass.knock });
  const { told, note, look, stop } = createContested(clock, pass.knock);

  /** Sets links down before the next pass does, because the path is open until then. */
  async function shut(ref: ObjectRef, guard: Guard, at: number): Promise<void> {
    const current = model();
    if (current === undefined) return;
    const used = await waysIn(host).catch(
      (): ReadonlySet<string> => new Set(meshLinks(current).map(({ name }) => name)),
    );
    const all = guarded(guard, current);
    const links = all.filter((name) => !used.has(name));
    const contest = { links, spared: all.filter((name) => used.has(name)), culprit: undefined };
    told.set(ref, contest);
    // a missing link needs no closing
    await Promise.allSettled(links.map((name) => host.rtnl.setLink(name, { up: false })));
    // findCulprit reads all processes, which takes too long while the path is open
    const culprit = await findCulprit(host, at);
    if (told.get(ref) === contest) told.set(ref, { ...contest, culprit });
    pass.knock();
    look();
  }

  return {
    undone(ref, guard, at) {
      if (model() === undefined) return;
      keeper.restore(guard);
      if (note(ref, at)) void shut(ref, guard, at);
    },
    take: () => keeper.take(),
    doneAt: (ref) => keeper.doneAt(ref),
    closed: () => [...new Set([...told.values()].flatMap(({ links }) => links))],
    conditions: () => [...told].map(([ref, contest]) => tell(ref, contest)),
    close: () => [{ close: stop }, pass, keeper].forEach((one) => one.close()),
  };
}

interface Contested {
  /** the reported contests; those that are over are removed */
  readonly told: Map<ObjectRef, Contest>;
  /** as Contests.note */
  readonly note: (ref: ObjectRef, at: number) => boolean;
  /** removes the contests that are over, now and when the next may end */
  readonly look: () => void;
  readonly stop: () => void;
}

function createContested(clock: Clock, onOver: () => void): Contested {
  const contests = createContests();
  const told = new Map<ObjectRef, Contest>();
  let cancel: (() => void) | undefined;
  function look(): void {
    cancel?.();
    const now = clock.ticks();
    const still = new Set(contests.contested(now));
    const over = [...told.keys()].filter((ref) => !still.has(ref));
    for (const ref of over) told.delete(ref);
    if (over.length > 0) onOver();
    const end = contests.endsAt();
    cancel = end === undefined ? undefined : clock.after(Math.max(end - now, 1), look);
  }
  return { told, note: (ref, at) => contests.note(ref, at), look, stop: () => cancel?.() };
}
