// Random links, addresses, routes and rules of somebody else, beside ours and as like ours as others' can be.
import fc from 'fast-check';
import type { FakeHost } from '../fakes/fake-host.ts';

const links = ['fo0', 'fo1', 'wgother'] as const;
const devices = fc.constantFrom(...links, 'eth0', 'eth1');
const tables = fc.constantFrom(2, 3, 9, 900, 254);
/** any but ours (87) and BIRD's (12, whose routes in the mesh table BIRD itself takes for its own); `ip` says 0 and 3 by itself */
const protocols = fc.constantFrom(0, 3, 4, 88, 186);
const octet = fc.integer({ min: 0, max: 255 });
const family = fc.constantFrom('', ' -6');

const link = fc
  .tuple(fc.constantFrom(...links), fc.constantFrom('bridge', 'dummy', 'wireguard'), fc.boolean())
  .map(([name, kind, up]) => [`ip link add ${name} type ${kind}`, ...(up ? [`ip link set ${name} up`] : [])]);

const address = fc.tuple(devices, octet).map(([dev, n]) => [`ip address add 172.20.${n}.1/24 dev ${dev}`]);

const route = fc
  .tuple(devices, octet, tables, protocols, fc.constantFrom(0, 64, 100))
  .map(([dev, n, table, protocol, metric]) => [
    `ip route add 10.69.${n}.128/27 dev ${dev} table ${table} proto ${protocol} metric ${metric}`,
  ]);

const rule = fc
  .tuple(
    family,
    fc.constantFrom(500, 1010, 1012, 1021, 1031, 1050, 1099, 1100, 5000),
    fc.constantFrom('iif fo0', 'iif wg1', 'iif wg2', 'iif eth1', 'iif lo'),
    fc.oneof(
      tables.map((t) => `lookup ${t}`),
      fc.constant('unreachable'),
    ),
    protocols,
  )
  .map(([six, priority, iif, action, protocol]) => [
    `ip${six} rule add ${iif} priority ${priority} ${action} protocol ${protocol}`,
  ]);

/** Lines that a person may have typed; some may be refused, and then do nothing. */
export const foreignLines: fc.Arbitrary<string[]> = fc
  .array(fc.oneof(link, address, route, rule), { maxLength: 12 })
  .map((groups) => groups.flat());

export function typeForeign(host: FakeHost, lines: readonly string[]): void {
  for (const line of lines) {
    try {
      host.run(line);
    } catch (error) {
      // the kernel refuses some of them, as it would for the person
      if (!(error instanceof Error)) throw error;
    }
  }
}
