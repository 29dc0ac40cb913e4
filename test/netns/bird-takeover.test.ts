// bird.conf as Debian's package installs it, with ucf's own record of it: a first apply takes it over without --adopt.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';

const CONF = '/etc/bird/bird.conf';
const KEPT = `/var/lib/wgospf/bird${CONF}.before-wgospf`;
/** what the package's postinst gives to ucf */
const shipped = readFileSync('/usr/share/bird2/bird.conf', 'utf8');
const record = readFileSync('/var/lib/ucf/hashfile', 'utf8')
  .split('\n')
  .filter((line) => line.endsWith(CONF));

let lone: LoneRouter;
beforeEach(async () => {
  lone = await makeLoneRouter();
  // the lab has a /var/lib of its own
  await lone.router.writeFile('/var/lib/ucf/hashfile', `${record.join('\n')}\n`);
});
afterEach(() => lone.lab.close());

test('fact: ucf records the digest of the file that the package ships', () => {
  expect(record).toEqual([`${createHash('md5').update(shipped).digest('hex')}  ${CONF}`]);
});

test('a packaged file is taken over by a plain apply and kept, and down restores it with mode and owner', async () => {
  const { router } = lone;
  expect(await router.readFile(CONF)).toBe(shipped);
  const found = await router.dump();
  const plan = await router.wgospf(['plan'], { mayFail: true });
  expect(plan.stdout).toContain(`~ install -D -m 600 ${CONF} ${KEPT} && install`);
  expect(plan.stdout).toContain('info bird-conf-packaged');
  expect((await router.wgospf(['check'])).stdout).toContain('info bird-conf-packaged');
  expect((await router.wgospf(['apply'])).stdout).toContain('in sync');
  expect(await router.readFile(KEPT)).toBe(shipped);
  expect(await router.sh('birdc -r show protocols mesh4')).toContain('OSPF');
  await router.wgospf(['down']);
  expect(await router.dump()).toBe(found);
});

test('a packaged file with one edited line is in the way, and stays as it is', async () => {
  const { router } = lone;
  await router.sh(`sed -i 's/log syslog all/log syslog { info }/' ${CONF}`);
  const edited = await router.readFile(CONF);
  const { exitCode, stdout } = await router.wgospf(['apply'], { mayFail: true });
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('--adopt') as unknown });
  expect(await router.readFile(CONF)).toBe(edited);
});
