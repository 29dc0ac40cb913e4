// The network namespace that all of ours belongs to: its objects, and the files that it shares with other namespaces
// (bird.conf, the notes, /etc/iproute2). `unshare -n wgospf down` finds no object there, and must not take the files either.
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { HostError, isHostError } from './error.ts';
import { createFiles } from './files.ts';
import { namespaceId, namespaceOf, ownNamespaceId } from './netns/namespace-file.ts';
import { allPids } from './open-files.ts';
import { NAMESPACES } from './rtnetlink/place.ts';

/** Said in two places: /run goes with a reboot, and either may be cleared by somebody. */
const RECORDS: readonly string[] = ['/run/wgospf/namespace', '/var/lib/wgospf/namespace'];

const OPERATION = 'take charge of this network namespace';

export interface HomeNamespace {
  /** what is made from now on belongs to ours; throws a HostError EXDEV where it belongs to another that may live */
  claim(): Promise<void>;
  /** throws a HostError EXDEV where what is ours was made, or may have been made, in another */
  mayUndo(): Promise<void>;
  /** nothing of ours is left */
  forget(): Promise<void>;
}

/** What the kernel says of namespaces, so that tests need none. */
export interface NamespaceFacts {
  readonly boot: () => string;
  readonly own: () => number;
  /** of pid 1; undefined where it is not for us to see */
  readonly first: () => number | undefined;
  /** undefined where not all processes are for us to see */
  readonly isAlive: (inode: number) => Promise<boolean | undefined>;
}

interface Entry {
  readonly boot: string;
  readonly inode: number;
}

export function createHomeNamespace(
  records: readonly string[] = RECORDS,
  facts: NamespaceFacts = kernelFacts,
): HomeNamespace {
  const files = createFiles();
  const [inRun = ''] = records;

  const textOf = async (path: string): Promise<string | undefined> => {
    try {
      return await files.read(path);
    } catch (error) {
      if (isHostError(error)) return undefined;
      throw error;
    }
  };
  const read = async (path: string): Promise<Entry | undefined> => {
    const [, boot, inode] = /^boot (\S+) net:\[(\d+)\]\n$/.exec((await textOf(path)) ?? '') ?? [];
    // no namespace outlives its kernel
    return boot === undefined || boot !== facts.boot() ? undefined : { boot, inode: Number(inode) };
  };

  /** The namespace that they belong to, unless it is ours. */
  const elsewhere = async (): Promise<{ readonly inode: number; readonly path: string } | undefined> => {
    for (const path of records) {
      const entry = await read(path);
      if (entry !== undefined) return entry.inode === facts.own() ? undefined : { inode: entry.inode, path };
    }
    return undefined;
  };

  return {
    async claim() {
      const other = await elsewhere();
      if (other !== undefined) {
        const alive = await facts.isAlive(other.inode);
        // a container that starts anew has a fresh /run, and cannot always see that its first namespace is gone
        if (alive ?? other.path === inRun) throw refusal(other.inode);
      }
      const text = `boot ${facts.boot()} net:[${facts.own()}]\n`;
      for (const path of records) await keep(path, text);
    },
    async mayUndo() {
      const other = await elsewhere();
      if (other !== undefined && (await facts.isAlive(other.inode)) !== false) throw refusal(other.inode);
      if (await isRecorded()) return;
      // made by one of us that wrote none, or the records are gone: then by the service, beside pid 1
      const first = facts.first();
      if (first !== undefined && first !== facts.own()) throw refusal(first);
    },
    async forget() {
      for (const path of records) await files.remove(path);
    },
  };

  async function isRecorded(): Promise<boolean> {
    for (const path of records) if ((await read(path)) !== undefined) return true;
    return false;
  }

  /** A disk that is full or read-only is no reason to stop: there are two. */
  async function keep(path: string, text: string): Promise<void> {
    try {
      if ((await textOf(path)) !== text) await files.write(path, text, { mode: 0o600 });
    } catch (error) {
      if (!isHostError(error)) throw error;
    }
  }
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
