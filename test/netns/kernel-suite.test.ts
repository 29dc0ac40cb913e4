// The kernel passes what the fake passes: the same checks, each in a namespace of its own.
import { it, onTestFinished } from 'vitest';
import { hostSuite, suiteBoot } from '../fakes/host-suite.ts';
import { openNamespace } from './lab/namespace.ts';
import { remoteHost } from './remote/remote-host.ts';

it.each(hostSuite)('$name', async ({ run }) => {
  const ns = await openNamespace('suite');
  onTestFinished(() => ns.close());
  await ns.sh(suiteBoot);
  const host = remoteHost(ns);
  onTestFinished(() => host.end());
  await run({
    host,
    type: async (lines) => {
      await ns.sh(lines);
    },
  });
});
