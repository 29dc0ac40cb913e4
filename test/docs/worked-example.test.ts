// "One address, down and back" of docs/architecture.md: the files exist, and the values are those of the program.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readModel } from '../../src/config/read-model.ts';
import { makePlan, reconcile } from '../../src/engine/reconcile.ts';
import { encodeAddressChange } from '../../src/host/rtnetlink/address.ts';
import { takeSnapshot } from '../../src/host/snapshot.ts';
import { WGOSPF_PROTOCOL } from '../../src/net/names.ts';
import { resources } from '../../src/resources/index.ts';
import { createFakeHost } from '../fakes/fake-host.ts';

const root = new URL('../../', import.meta.url).pathname;
const section =
  readFileSync(`${root}docs/architecture.md`, 'utf8').split('## One address, down and back')[1]?.split('\n## ')[0] ??
  '';

const stateFile = (address: string): string => `version: 1
router: {node: 222}
mesh: {table: {name: nycmesh, id: 2}, prefixes: [10.69.0.0/16, 10.70.0.0/16]}
tunnels:
  wg222: {address: ${address}, listenPort: 51825, peer: {publicKey: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=}}
`;

test('each file of the worked example exists', () => {
  const cells = [...section.matchAll(/^\| (`[^|]*`)\s*\|/gm)].map(([, cell = '']) => cell);
  expect(cells.length).toBeGreaterThan(20);
  for (const cell of cells) {
    const [first = '', ...others] = [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path);
    const folder = first.slice(0, first.lastIndexOf('/'));
    for (const path of [first, ...others.map((name) => `${folder}/${name}`)])
      expect(existsSync(`${root}src/${path}`), path).toBe(true);
  }
});

test('an edited address is planned as the two operations that the section has', async () => {
  const host = createFakeHost();
  const model = (address: string): NonNullable<ReturnType<typeof readModel>['model']> => {
    const { model: read, diagnostics } = readModel(stateFile(address), '/etc/wgospf/state.yaml', host.env);
    if (read === undefined) throw new Error(JSON.stringify(diagnostics));
    return read;
  };
  await reconcile(host, resources, model('10.70.89.4/31'), { adopt: false });
  const plan = await makePlan(takeSnapshot(host), resources, model('10.70.89.0/31'), { adopt: false });
  const ours = plan.operations.filter(({ kind }) => kind === 'address');
  expect(ours.map(({ action, stage }) => `${action} ${stage}`)).toEqual([
    'create address-add',
    'delete address-remove',
  ]);
  for (const { command, stage } of ours) {
    expect(section).toContain(`\`${command}\``);
    expect(section).toContain(`\`${stage}\``);
  }
});

test('the netlink message is the one that the section has', () => {
  const prefix = { family: 4, address: '10.70.89.0', length: 31 } as const;
  const message = encodeAddressChange('add', { dev: 'wg222', prefix, peer: undefined, protocol: WGOSPF_PROTOCOL }, 7);
  const shown = [...section.matchAll(/^((?:[0-9a-f]{8} ?)+)/gm)]
    .map(([, hex = '']) => hex.replaceAll(' ', ''))
    .join('');
  expect(shown).toBe(message.toString('hex'));
});
