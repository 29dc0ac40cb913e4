// The conversation with the kernel about WireGuard, with a kernel in memory: the requests, how often, and how keys are handled.
import { expect, test } from 'vitest';
import { NLM_F_DUMP_INTR } from '../../../src/host/rtnetlink/constants.ts';
import { createKernelWireguard, type KernelWireguard } from '../../../src/host/wg/netlink/kernel-wireguard.ts';
import { createFakeKernel, type FakeKernel, type Respond } from '../rtnetlink/fake-kernel.ts';
import { acknowledge, done, object, typeOf } from '../rtnetlink/wire.ts';
import { base64, DEVICE, FAMILY, FIRST, PEER, prefix, PRIVATE, SECOND, zones } from './samples.ts';

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const commandOf = (message: Buffer): number => message.readUInt8(16);
const isAbout = (dev: string, message: Buffer): boolean => message.includes(Buffer.from(`${dev}\0`));
const isFamily = (message: Buffer): boolean => typeOf(message) === 16;

const answerFamily = (message: Buffer): Buffer[] => [
  object(message, bytesOf(`${'00'.repeat(16)} 01020000 0e000200 776972656775617264000000 06000100 1e000000`), {
    type: 16,
  }),
  acknowledge(message),
];

const answerDevice = (message: Buffer, flags = 0): Buffer[] => [
  object(message, bytesOf(FIRST), { type: FAMILY, flags }),
  object(message, bytesOf(SECOND), { type: FAMILY }),
  done(message),
];

/** A kernel that has the family and answers everything else by `respond`. */
function kernelWith(respond: Respond): { kernel: FakeKernel; wireguard: KernelWireguard } {
  const kernel = createFakeKernel((message) => (isFamily(message) ? answerFamily(message) : respond(message)));
  return { kernel, wireguard: createKernelWireguard(kernel.openSocket) };
}

const set = (wireguard: KernelWireguard, dev: string, text = `wg set ${dev}`): Promise<void> =>
  wireguard.set(text, dev, { privateKey: bytesOf(PRIVATE), peers: [] }, zones);

test('several devices are read in one buffer, and the family is asked for once', async () => {
  const { kernel, wireguard } = kernelWith((message) => answerDevice(message));
  const names = Array.from({ length: 10 }, (_, i) => `wg${i}`);
  const read = await wireguard.read(names, zones);
  expect(read).toEqual(names.map(() => DEVICE));
  await wireguard.read(['wg1'], zones);
  expect(kernel.datagrams.map(({ length }) => length)).toEqual([1, 8, 2, 1]);
});

test('a device that disappeared or changed its kind is left out, and one without permission is reported', async () => {
  const { wireguard } = kernelWith((message) => {
    if (isAbout('gone', message)) return [acknowledge(message, 'ENODEV')];
    if (isAbout('dummy', message)) return [acknowledge(message, 'EOPNOTSUPP')];
    return [acknowledge(message, 'EPERM')];
  });
  const [gone, other, secret] = await wireguard.read(['gone', 'dummy', 'wg1'], zones);
  expect([gone, other]).toEqual([undefined, undefined]);
  expect(secret).toMatchObject({ code: 'EPERM', operation: 'wg show wg1 dump' });
});

test('a dump that another one prevented is repeated', async () => {
  const { kernel, wireguard } = kernelWith((message) => {
    const together = (kernel.datagrams.at(-1)?.length ?? 0) > 1;
    return together && !isAbout('wg0', message) ? [acknowledge(message, 'EBUSY')] : answerDevice(message);
  });
  expect(await wireguard.read(['wg0', 'wg1', 'wg2'], zones)).toEqual([DEVICE, DEVICE, DEVICE]);
  expect(kernel.datagrams.map(({ length }) => length)).toEqual([1, 3, 1, 1]);
});

test('a dump during which the device changed is repeated, at most five times', async () => {
  let interruptions = 2;
  const { wireguard } = kernelWith((message) => answerDevice(message, interruptions-- > 0 ? NLM_F_DUMP_INTR : 0));
  expect(await wireguard.read(['wg1'], zones)).toEqual([DEVICE]);
  interruptions = 5;
  const [given] = await wireguard.read(['wg1'], zones);
  expect(given).toMatchObject({ code: 'EINTR', detail: 'it changed again and again while it was read (5 attempts)' });
});

test('changes of one turn are sent in one buffer, and each gets its own answer', async () => {
  const { kernel, wireguard } = kernelWith((message) => [
    acknowledge(message, isAbout('wg2', message) ? 'EADDRINUSE' : ''),
  ]);
  const all = await Promise.allSettled(['wg1', 'wg2', 'wg3'].map((dev) => set(wireguard, dev)));
  expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(all[1]).toMatchObject({ reason: { code: 'EADDRINUSE', operation: 'wg set wg2' } });
  expect(kernel.datagrams.map(({ length }) => length)).toEqual([1, 3]);
});

test('a configuration of several messages ends with the first refused one', async () => {
  const { kernel, wireguard } = kernelWith((message) => [
    acknowledge(message, kernel.datagrams.length > 3 ? 'EINVAL' : ''),
  ]);
  const allowedIPs = Array.from({ length: 200 }, (_, i) => prefix(`10.${i}.0.0/16`));
  const configured = wireguard.set('wg set wg1', 'wg1', { peers: [{ publicKey: base64(PEER), allowedIPs }] }, zones);
  await expect(configured).rejects.toMatchObject({ code: 'EINVAL', operation: 'wg set wg1' });
  expect(kernel.datagrams).toHaveLength(4);
});

test.each([
  ['ENODEV', 'there is no such device'],
  ['EOPNOTSUPP', 'this link is no WireGuard device'],
] as const)('a link that is not a device of the kernel is ENODEV: %s', async (code, detail) => {
  const { wireguard } = kernelWith((message) => [acknowledge(message, code)]);
  await expect(set(wireguard, 'wg1')).rejects.toMatchObject({ code: 'ENODEV', detail, operation: 'wg set wg1' });
});

test('a kernel without WireGuard has no devices, and is asked again because its module may be loaded later', async () => {
  const kernel = createFakeKernel((message) => [acknowledge(message, 'ENOENT')]);
  const wireguard = createKernelWireguard(kernel.openSocket);
  expect(await wireguard.read(['wg1'], zones)).toEqual([]);
  await expect(set(wireguard, 'wg1')).rejects.toMatchObject({ code: 'ENODEV', detail: 'this kernel has no WireGuard' });
  kernel.respond = (message) => (isFamily(message) ? answerFamily(message) : [acknowledge(message)]);
  await set(wireguard, 'wg1');
});

test('a module that was reloaded has another family number', async () => {
  let loaded = false;
  const asked: number[] = [];
  const kernel = createFakeKernel((message) => {
    asked.push(typeOf(message));
    return isFamily(message) ? answerFamily(message) : [acknowledge(message, loaded ? '' : 'ENOENT')];
  });
  const wireguard = createKernelWireguard(kernel.openSocket);
  await expect(set(wireguard, 'wg1')).rejects.toMatchObject({ code: 'ENODEV' });
  loaded = true;
  await set(wireguard, 'wg1');
  expect(asked).toEqual([16, FAMILY, 16, FAMILY]);
});

test('keys in sent and received messages are overwritten as soon as they are read', async () => {
  const heard: Buffer[] = [];
  const { kernel, wireguard } = kernelWith((message) => {
    const answers = commandOf(message) === 0 ? answerDevice(message) : [acknowledge(message, 'EPERM')];
    heard.push(...answers);
    return answers;
  });
  const secret = bytesOf(PRIVATE);
  await wireguard.read(['wg1'], zones);
  await expect(set(wireguard, 'wg1')).rejects.toThrow('EPERM');
  const all = [...heard, ...kernel.datagrams.flat()];
  expect(all).toHaveLength(3 + 1 + 3);
  expect(all.filter((bytes) => bytes.includes(secret))).toEqual([]);
});
