// The network namespace that wgospf's objects belong to, and also its files, which other namespaces share (bird.conf, the
// notes, /etc/iproute2). `unshare -n wgospf down` finds no objects in its namespace, and must not remove the files either.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { HostError, isHostError } from './error.ts';
import { createFiles } from './files.ts';
import { namespaceId, namespaceOf, ownNamespaceId } from './netns/namespace-file.ts';
import { allPids } from './open-files.ts';
import { NAMESPACES } from './rtnetlink/place.ts';

/** Two copies: a reboot clears /run, and somebody may delete either one. */
const RECORDS: readonly string[] = ['/run/wgospf/namespace', '/var/lib/wgospf/namespace'];

const OPERATION = 'take charge of this network namespace';

export interface HomeNamespace {
  /** records our namespace as the home; throws a HostError EXDEV if the home is another one that may still exist */
  claim(): Promise<void>;
  /** throws a HostError EXDEV if our objects were made, or may have been made, in another namespace */
  mayUndo(): Promise<void>;
  /** removes the records; called when nothing of ours is left */
  forget(): Promise<void>;
}

/** The kernel's facts about namespaces, so that tests need no namespace. */
export interface NamespaceFacts {
  readonly boot: () => string;
  readonly own: () => number;
  /** the namespace of pid 1; undefined if we may not see it */
  readonly first: () => number | undefined;
  /** undefined if we may not see all processes */
  readonly isAlive: (inode: number) => Promise<boolean | undefined>;
}

/** A record: the namespace's inode, and the record's file. */
interface Place {
  readonly inode: number;
  readonly path: string;
}

interface Records {
  /** the recorded namespace, unless it is ours */
  elsewhere(): Promise<Place | undefined>;
  isRecorded(): Promise<boolean>;
  keep(): Promise<void>;
  remove(): Promise<void>;
}

function createRecords(paths: readonly string[], { boot, own }: Pick<NamespaceFacts, 'boot' | 'own'>): Records {
  const files = createFiles();

  async function textOf(path: string): Promise<string | undefined> {
    try {
      return await files.read(path);
    } catch (error) {
      if (isHostError(error)) return undefined;
      throw error;
    }
  }

  /** The first record of this boot; no namespace survives a reboot. */
  async function first(): Promise<Place | undefined> {
    for (const path of paths) {
      const [, of, inode] = /^boot (\S+) net:\[(\d+)\]\n$/.exec((await textOf(path)) ?? '') ?? [];
      if (of === boot()) return { inode: Number(inode), path };
    }
    return undefined;
  }

  /** A full or read-only disk is no reason to stop, because there are two records. */
  async function keepAt(path: string, text: string): Promise<void> {
    try {
      if ((await textOf(path)) !== text) await files.write(path, text, { mode: 0o600 });
    } catch (error) {
      if (!isHostError(error)) throw error;
    }
  }

  return {
    async elsewhere() {
      const place = await first();
      return place?.inode === own() ? undefined : place;
    },
    isRecorded: async () => (await first()) !== undefined,
    async keep() {
      for (const path of paths) await keepAt(path, `boot ${boot()} net:[${own()}]\n`);
    },
    async remove() {
      for (const path of paths) await files.remove(path);
    },
  };
}

export function createHomeNamespace(
  paths: readonly string[] = RECORDS,
  facts: NamespaceFacts = kernelFacts,
): HomeNamespace {
  const records = createRecords(paths, facts);
  return {
    async claim() {
      const other = await records.elsewhere();
      if (other !== undefined) {
        const alive = await facts.isAlive(other.inode);
        // a restarted container has an empty /run, and cannot always see that its old namespace is gone
        if (alive ?? other.path === paths[0]) throw refusal(other.inode);
      }
      await records.keep();
    },
    async mayUndo() {
      const other = await records.elsewhere();
      if (other !== undefined && (await facts.isAlive(other.inode)) !== false) throw refusal(other.inode);
      if (await records.isRecorded()) return;
      // no record: it was deleted, or was never written; assume that the service made the objects, in the namespace of pid 1
      const first = facts.first();
      if (first !== undefined && first !== facts.own()) throw refusal(first);
    },
    forget: () => records.remove(),
  };
}

function refusal(inode: number): HostError {
  const pid = allPids().find((one) => namespaceOf(one) === inode);
  const there = pid === undefined ? 'there' : `there: nsenter -t ${pid} -n wgospf ...`;
  return new HostError({
    operation: OPERATION,
    code: 'EXDEV',
    detail:
      `the files that wgospf made here belong to the network namespace net:[${inode}], and this is another; ` +
      `run it ${there}; a second router on this machine wants a /run, /etc and /var/lib of its own`,
  });
}

const kernelFacts: NamespaceFacts = {
  boot: () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
  own: ownNamespaceId,
  first: () => namespaceOf(1),
  async isAlive(inode) {
    const named = await readdir(NAMESPACES).catch(() => []);
    if (named.some((name) => namespaceId(name) === inode)) return true;
    const seen = allPids().map(namespaceOf);
    if (seen.includes(inode)) return true;
    return namespaceOf(1) === undefined ? undefined : false;
  },
};
