// Sends one batch of writes: finds the indexes that its messages need, checks its rule deletes, and settles each caller's promise.
import { constants } from 'node:os';
import { HostError, isHostError } from '../error.ts';
import type { Family } from '../../net/ip.ts';
import type { RuleInfo } from '../types.ts';
import { describeRule } from './describe.ts';
import { errnoName, kernelError } from './kernel-error.ts';
import type { LinkNames } from './link-names.ts';
import { carriedLink, type Write, type WriteJob } from './queue.ts';
import { insertRule, matchRule } from './rule-match.ts';
import type { Answer, Transport } from './transport.ts';

export interface BatchContext {
  readonly transport: Transport;
  readonly names: LinkNames;
  /** indexes of links by name; without names that are no link */
  readonly findLinks: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /** the rules in the kernel's order */
  readonly listRules: (family: Family) => Promise<RuleInfo[]>;
}

interface Ready {
  readonly job: WriteJob;
  readonly message: Buffer;
}

/** Returns the jobs that must run before all others: follow-up messages, and second tries with a new index. */
export async function sendBatch(context: BatchContext, batch: readonly WriteJob[]): Promise<WriteJob[]> {
  try {
    const ready = await withMessages(context, await checkRules(context, batch));
    if (ready.length === 0) return [];
    const answers = await context.transport.exchange('send changes', ready);
    return ready.flatMap(({ job }, index) => settle(context.names, job, answers[index]));
  } catch (error) {
    // the outcome of all jobs is unknown; for a job that is already settled, reject() has no effect
    for (const job of batch) job.reject(withOperation(error, job.write.operation));
    return [];
  }
}

const withOperation = (error: unknown, operation: string): unknown =>
  isHostError(error) ? new HostError({ operation, code: error.code, detail: error.detail, cause: error.cause }) : error;

/** Looks up the unknown indexes; rejects only those jobs whose link has no index, or that cannot be encoded. */
async function withMessages({ names, findLinks }: BatchContext, jobs: readonly WriteJob[]): Promise<Ready[]> {
  // read the cache once per name: its entry may expire before a second read
  const wanted = new Set(jobs.flatMap(({ write }) => (write.needsIndex ? [carriedLink(write)] : [])));
  const cached = new Map([...wanted].map((name) => [name, names.indexOf(name)]));
  const unknown = [...wanted].filter((name) => cached.get(name) === undefined);
  const found = unknown.length === 0 ? undefined : await findLinks(unknown);
  return jobs.flatMap((job) => {
    const link = carriedLink(job.write);
    const ifindex = job.write.needsIndex ? (cached.get(link) ?? found?.get(link)) : 0;
    try {
      if (ifindex === undefined) throw kernelError(job.write.operation, constants.errno.ENODEV);
      return [{ job, message: job.write.encode(ifindex) }];
    } catch (error) {
      job.reject(error);
      return [];
    }
  });
}

/** Simulates the rule changes of the batch on a new listing, so that a delete that would hit another rule is not sent. */
async function checkRules({ listRules }: BatchContext, batch: readonly WriteJob[]): Promise<readonly WriteJob[]> {
  const deletes = batch.flatMap(({ write }) => (write.rule?.action === 'delete' ? [write.rule.rule.family] : []));
  const standing = new Map<Family, RuleInfo[]>();
  for (const family of new Set(deletes)) standing.set(family, await listRules(family));
  return batch.filter((job) => {
    const change = job.write.rule;
    const rules = change === undefined ? undefined : standing.get(change.rule.family);
    if (change === undefined || rules === undefined) return true;
    if (change.action === 'add') {
      insertRule(rules, change.rule);
      return true;
    }
    const match = matchRule(rules, change.rule);
    if (match !== 'missing' && 'index' in match) {
      rules.splice(match.index, 1);
      return true;
    }
    const { operation } = job.write;
    job.reject(
      match === 'missing'
        ? new HostError({ operation, code: 'ENOENT', detail: 'there is no such rule' })
        : new HostError({
            operation,
            code: 'EBUSY',
            detail: `the kernel would delete ${describeRule(match.other)} instead, which comes before it`,
          }),
    );
    return false;
  });
}

/** Whether the index was out of date. A missing master gives EINVAL (do_set_master in net/core/rtnetlink.c). */
const isStale = (code: string, { carries }: Write): boolean =>
  code === 'ENODEV' || code === 'ENXIO' || (code === 'EINVAL' && carries !== undefined);

function settle(names: LinkNames, job: WriteJob, answer: Answer | undefined): WriteJob[] {
  const { write } = job;
  const errno = answer?.errno ?? 0;
  if (write.changesIndex) names.forget(write.link);
  if (errno === 0) {
    if (write.next !== undefined) return [{ ...job, write: write.next, again: false }];
    job.resolve();
    return [];
  }
  if (write.needsIndex && !job.again && isStale(errnoName(errno), write)) {
    names.forget(carriedLink(write));
    return [{ ...job, again: true }];
  }
  job.reject(kernelError(write.operation, errno, write.words));
  return [];
}
