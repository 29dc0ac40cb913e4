// The maintainer scripts under the real dpkg, on another root than the router's: beside a live router, and as that of a system.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLoneRouter, type LoneRouter } from './lab/lone-router.ts';
import { miniPackage } from './lab/mini-package.ts';
import type { Router } from './lab/router.ts';

const TREE = '/run/tree';
const builder = fileURLToPath(new URL('lab/other-root.sh', import.meta.url));

let lone: LoneRouter;
let router: Router;
let [first, second] = ['', ''];

beforeAll(async () => {
  lone = await makeLoneRouter();
  router = lone.router;
  await router.wgospf(['apply', '--adopt']);
  first = await miniPackage(router, '1');
  second = await miniPackage(router, '2');
  await router.sh(`bash ${builder} ${TREE}`);
});
afterAll(() => lone.lab.close());

/** Its whole output. */
const dpkg = (args: string): Promise<string> =>
  router.sh(`DEBIAN_FRONTEND=noninteractive dpkg --root=${TREE} --log=/dev/null ${args} 2>&1`);

const folder = (): Promise<string> => router.sh(`stat -c '%a %g' ${TREE}/etc/wgospf`);
const GROUP = `"$(sed -n 's/^wgospf:[^:]*:\\([0-9]*\\):.*/\\1/p' ${TREE}/etc/group)"`;

const cache = (): Promise<string> =>
  router.sh(`cd ${TREE}/var; [ ! -e cache/wgospf ] || { stat -c '%a %u:%g' cache/wgospf; ls cache/wgospf; }`);
const EMPTY_CACHE = '700 0:0\n';

test('the first installation gives the folder to the group, closed to others', async () => {
  await dpkg(`-i ${first}`);
  expect(await folder()).toBe(`750 ${await router.sh(`echo ${GROUP}`)}`);
});

test('an installation after the removal of an empty folder gives it to the group again', async () => {
  await dpkg('-r wgospf');
  await dpkg(`-i ${first}`);
  expect(await folder()).toBe(`750 ${await router.sh(`echo ${GROUP}`)}`);
});

test('compiled code of a version is removed with it, and only root may enter its folder', async () => {
  expect(await cache()).toBe(EMPTY_CACHE);
  await router.sh(`touch ${TREE}/var/cache/wgospf/old; chmod 777 ${TREE}/var/cache/wgospf`);
  await dpkg(`-i ${second}`);
  expect(await cache()).toBe(EMPTY_CACHE);
  await router.sh(`touch ${TREE}/var/cache/wgospf/old`);
  await dpkg('-r wgospf');
  expect(await cache()).toBe('');
  await dpkg(`-i ${first}`);
});

test.each([
  ['an upgrade', () => dpkg(`-i ${second}`)],
  ['a downgrade', () => dpkg(`-i ${first}`)],
  ['the same version again', () => dpkg(`-i ${first}`)],
  ['a removal and an installation', () => dpkg(`-r wgospf`).then(() => dpkg(`-i ${second}`))],
])("%s keeps the operator's mode and group", async (_what, change) => {
  await router.sh(`cd ${TREE}/etc/wgospf; chmod 751 .; chgrp 4242 .; echo kept >state.yaml`);
  await change();
  expect(await folder()).toBe('751 4242\n');
});

test('an installation after a purge that kept the keys keeps the mode, and gives the folder to the new group', async () => {
  expect(await dpkg('-P wgospf')).toContain('stay in /etc/wgospf');
  expect(await folder()).toBe('751 0\n');
  await dpkg(`-i ${second}`);
  expect(await folder()).toBe(`751 ${await router.sh(`echo ${GROUP}`)}`);
  await router.sh(`rm ${TREE}/etc/wgospf/state.yaml`);
});

test.each([
  ['without /proc', 'true', ''],
  ['with the /proc and the /run of the machine', 'mount --bind /proc proc; mount --bind /run run', ''],
  ['whose scripts run outside', 'true', '--force-script-chrootless'],
])('purge of a root %s leaves the live router alone', async (_how, prepare, options) => {
  await dpkg(`-i ${second}`);
  await router.sh(`cd ${TREE}; mkdir -p var/lib/wgospf; ${prepare}`);
  const [found, files] = [await router.dump(), await router.sh('ls -R /run/wgospf /var/lib/wgospf /etc/wgospf')];
  await dpkg(`${options} -P wgospf`);
  expect(await router.dump()).toBe(found);
  expect(await router.sh('ls -R /run/wgospf /var/lib/wgospf /etc/wgospf')).toBe(files);
  expect(await router.sh(`ls ${TREE}/var/lib; grep wgospf ${TREE}/etc/group || true`)).toBe('dpkg\n');
  expect(await cache()).toBe('');
  await router.sh(`cd ${TREE}; for at in proc run; do if mountpoint -q $at; then umount $at; fi; done`);
});

const dropIns = (): Promise<string> =>
  router.sh(`cd ${TREE}; ls -d usr/lib/systemd/networkd.conf.d/* etc/systemd/networkd.conf.d/* 2>/dev/null || true`);

/** In the tree as it is from here on. */
const systemd = (version: string): Promise<string> =>
  router.sh(`cd ${TREE}/var/lib/dpkg
    sed -i '/^Package: systemd$/,/^$/d' status
    printf '\\n%s\\n' 'Package: systemd' 'Status: install ok installed' 'Maintainer: x <x@example.net>' 'Architecture: all' 'Version: ${version}' 'Description: x' | sed '1!{/^$/d}' >>status`);

const PACKAGED = 'usr/lib/systemd/networkd.conf.d/wgospf-routes.conf\nusr/lib/systemd/networkd.conf.d/wgospf.conf\n';

test('the drop-ins of systemd-networkd come and go with the package, and systemd 249 does not get the one for routes', async () => {
  await systemd('249.11-0ubuntu3.12');
  await dpkg(`-i ${first}`);
  expect(await dropIns()).toBe(`etc/systemd/networkd.conf.d/wgospf-routes.conf\n${PACKAGED}`);
  expect(await router.sh(`readlink ${TREE}/etc/systemd/networkd.conf.d/wgospf-routes.conf`)).toBe('/dev/null\n');
  await systemd('255.4-1ubuntu8');
  await dpkg(`-i ${second}`);
  expect(await dropIns()).toBe(PACKAGED);
  await systemd('249.11-0ubuntu3.12');
  await dpkg(`-i ${second}`);
  await dpkg('-P wgospf');
  expect(await dropIns()).toBe('');
});

test('an update of BIRD restarts the one inside a namespace', async () => {
  await dpkg(`-i ${second}`);
  await router.sh(`
    cd ${TREE}; rm -f usr/sbin/policy-rc.d; mkdir -p run/systemd/system usr/local/sbin run/bird/DEBIAN run/bird/usr/sbin
    printf '#!/bin/sh\\necho "$*" >>/asked\\ncase "$*" in *list-units*) echo wgospf-bird@nycmesh.service loaded active;; esac\\n' >usr/local/sbin/systemctl
    printf 'Package: bird2\\nVersion: 3\\nArchitecture: all\\nMaintainer: x <x@example.net>\\nDescription: x\\n' >run/bird/DEBIAN/control
    touch run/bird/usr/sbin/bird; chmod 755 usr/local/sbin/systemctl run/bird/usr/sbin/bird
    dpkg-deb -Znone --build run/bird run/bird.deb`);
  await dpkg(`-i ${TREE}/run/bird.deb`);
  expect(await router.sh(`cat ${TREE}/asked`)).toContain(' restart wgospf-bird@nycmesh.service\n');
  await router.sh(`rm -r ${TREE}/run/systemd ${TREE}/usr/local/sbin/systemctl`);
});

/** dpkg on the tree as the root of a system of its own, in the router's network; debconf tells when it was asked, and says yes. */
const purgeOwn = (): Promise<string> =>
  router.sh(`
    mkdir -p ${TREE}/usr/share/debconf ${TREE}/var/lib/wgospf; rm -f ${TREE}/asked
    printf '%s\\n' 'db_input() { ip -N rule show | grep -c "proto 87" >/asked; }' 'db_get() { RET=true; }' \\
      'db_go() { :; }' 'db_purge() { :; }' 'db_stop() { :; }' >${TREE}/usr/share/debconf/confmodule
    unshare --pid --fork --mount --root=${TREE} bash -c 'mount -t proc proc /proc; dpkg --log=/dev/null -P wgospf 2>&1' || true`);

test("purge asks before it takes the network down, and takes down only its own system's", async () => {
  await router.sh(`echo x >${TREE}/etc/wgospf/state.yaml`);
  expect(Number(await router.sh('ip -N rule show | grep -c "proto 87"'))).toBeGreaterThan(5);
  const output = await purgeOwn();
  expect(Number(await router.sh(`cat ${TREE}/asked`)), output).toBeGreaterThan(5);
  expect(await router.sh('ip -N rule show | grep "proto 87" || true')).toBe('');
  expect(await router.sh(`ls -d ${TREE}/etc/wgospf ${TREE}/var/lib/wgospf 2>/dev/null || true`)).toBe('');
});
