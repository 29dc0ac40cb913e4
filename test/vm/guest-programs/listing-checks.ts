// How the kernel answers several requests for WireGuard devices in one buffer; src/host/wg/netlink/read-devices.ts depends on it.
import { deepEqual, ok } from 'node:assert/strict';
import { openGenericSocket } from '../../../src/host/rtnetlink/netlink-socket.ts';
import { errnoName } from '../../../src/host/rtnetlink/kernel-error.ts';
import { createTransport, type Transport } from '../../../src/host/rtnetlink/transport.ts';
import { encodeGetDevice } from '../../../src/host/wg/netlink/encode-device.ts';
import { decodeFamily, encodeGetFamily } from '../../../src/host/wg/netlink/generic-message.ts';
import { withDevices, type WireguardCheck } from '../../netns/lab/wireguard-checks.ts';

async function familyOf(transport: Transport): Promise<number> {
  let family: number | undefined;
  await transport.exchange('family', [
    { message: encodeGetFamily('wireguard'), onAnswer: (answer) => (family ??= decodeFamily(answer, 'wireguard')) },
  ]);
  ok(family !== undefined, 'no family');
  return family;
}

export const listingChecks: readonly WireguardCheck[] = [
  {
    name: 'short dumps of one buffer all succeed, and after a long one the next is EBUSY',
    run: (lab) =>
      withDevices(lab, ['wgl1', 'wgl2', 'wgl3'], async () => {
        const peers = Array.from({ length: 100 }, (_, i) => {
          const key = Buffer.alloc(32, i + 1).toString('base64');
          return `peer ${key} allowed-ips 10.0.${i}.0/24`;
        });
        await lab.sh(`wg set wgl1 ${peers.join(' ')}`);
        const transport = createTransport({ openSocket: openGenericSocket, deadline: 10_000 });
        const family = await familyOf(transport);
        const ask = async (...devs: string[]): Promise<string[]> => {
          const answers = await transport.exchange(
            'list',
            devs.map((dev) => ({ message: encodeGetDevice(family, dev) })),
          );
          return answers.map(({ errno }) => (errno === 0 ? '' : errnoName(errno)));
        };
        deepEqual(await ask('wgl2', 'wgl3', 'wgl2', 'wgl3', 'none', 'lo'), ['', '', '', '', 'ENODEV', 'EOPNOTSUPP']);
        deepEqual(await ask('wgl2', 'wgl1', 'wgl3', 'wgl2'), ['', '', 'EBUSY', 'EBUSY']);
        deepEqual(await ask('wgl3'), ['']);
        transport.close();
      }),
  },
];
