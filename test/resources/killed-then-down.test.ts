// The agent is killed at any point of a pass that makes tunnels of wireguard-go, and then the operator wants none of them.
import { expect, test } from 'vitest';
import { reconcile } from '../../src/engine/reconcile.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost } from '../fakes/fake-host.ts';
import { goldenCases, modelOf, prepareHost } from '../golden/golden-case.ts';

test('down removes a tunnel of which the agent started the wireguard-go and was killed', async () => {
  const golden = goldenCases.find(({ name }) => name === 'no-kernel-wireguard');
  if (golden === undefined) throw new Error('there is no such golden case');
  const undisturbed = await prepareHost(golden);
  await reconcile(undisturbed, resources, modelOf(golden, undisturbed), { adopt: false });
  const writes = undisturbed.calls.length;
  let started = 0;
  for (let n = 0; n < writes; n++) {
    const host = await prepareHost(golden);
    host.dieAt(n);
    await reconcile(host, resources, modelOf(golden, host), { adopt: false }).catch(() => undefined);
    const next = createFakeHost({ kernelWireguard: false, state: host.state });
    started += next.state.userspace.size;
    await reconcile(next, resources, undefined, { adopt: false });
    expect([...next.state.userspace], `killed before call ${n}`).toEqual([]);
  }
  expect(started).toBeGreaterThan(0);
});
