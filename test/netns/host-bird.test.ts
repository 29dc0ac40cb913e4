// BIRD's parser and its control socket, with the real BIRD 2 in a namespace of its own.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from './lab/eventually.ts';
import { openNamespace, type Namespace } from './lab/namespace.ts';
import { remoteHost, type RemoteHost } from './remote/remote-host.ts';

const CONF = '/etc/bird/bird.conf';
const SOCKET = '/run/bird/bird.ctl';
const conf = (more = ''): string => `router id 10.69.1.11;\nprotocol device {}\n${more}`;

let ns: Namespace;
let host: RemoteHost;

beforeAll(async () => {
  ns = await openNamespace('host-bird');
  host = remoteHost(ns);
});

afterAll(async () => {
  await host.end();
  await ns.close();
});

const write = (text: string): Promise<void> => host.files.write(CONF, text, { mode: 0o640, owner: 'root:bird' });

/** As Debian's bird.service runs it: as its own user, which is the one that reads the file at `configure`. */
async function startBird(): Promise<void> {
  await ns.sh(`bird -u bird -g bird -c ${CONF} -s ${SOCKET}`);
  await eventually(async () => host.bird.command(SOCKET, 'show status'));
}

const stopBird = (signal: string): Promise<string> =>
  ns.sh(`pkill -${signal} -x bird || true; while pgrep -x bird >/dev/null; do sleep 0.02; done`);

describe('check', () => {
  test('accepts a file that BIRD accepts', async () => {
    await write(conf());
    expect(await host.bird.check(CONF, SOCKET)).toBeUndefined();
  });

  test.each([
    ['a wrong word', 'protocl ospf {}\n', /^\/etc\/bird\/bird\.conf:3:1 syntax error/],
    ['BIRD 1 syntax', 'protocol kernel { import none; }\n', /bird\.conf:3:19 syntax error, unexpected IMPORT$/],
    ['a file that does not end', 'protocol ospf v2 {', /bird\.conf:\d+:\d+ syntax error, unexpected END$/],
  ])('%s gives BIRD’s message with its position', async (_, text, message) => {
    await write(conf(text));
    expect(await host.bird.check(CONF, SOCKET)).toMatch(message);
  });

  test('an empty and a missing file give a message', async () => {
    await write('');
    expect(await host.bird.check(CONF, SOCKET)).toBe(`${CONF}:1:1 No protocol is specified in the config file`);
    expect(await host.bird.check('/etc/bird/none', SOCKET)).toContain('No such file or directory');
  });

  test('a missing program is an error that names the package', async () => {
    await ns.sh('mount -t tmpfs none /usr/sbin');
    await expect(host.bird.check(CONF, SOCKET)).rejects.toMatchObject({
      code: 'ENOENT',
      detail: 'the program bird is not installed: apt install bird2',
    });
    await ns.sh('umount /usr/sbin');
  });
});

describe('command', () => {
  beforeEach(async () => {
    await write(conf());
    await startBird();
    return () => stopBird('KILL').then(() => ns.sh(`rm -f ${SOCKET}`));
  });

  test('returns codes and texts of a reply with continuation lines', async () => {
    const reply = await host.bird.command(SOCKET, 'show status');
    expect(reply.code).toBe(13);
    expect(reply.lines[0]).toEqual({ code: 1000, text: expect.stringMatching(/^BIRD 2\./) as string });
    expect(reply.lines).toContainEqual({ code: 1011, text: 'Router ID is 10.69.1.11' });
    expect(reply.lines.filter((l) => l.code === 1011).length).toBeGreaterThan(2);
  });

  test('a configure is done, or refused with file, line and column while the old configuration runs', async () => {
    await write(conf('define wgospf_generation = "0123456789ab";\n'));
    expect((await host.bird.command(SOCKET, 'configure')).code).toBe(3);
    await write(conf('nonsense\n'));
    const refused = await host.bird.command(SOCKET, 'configure');
    expect(refused.code).toBe(8002);
    expect(refused.lines.at(-1)?.text).toMatch(/^\/etc\/bird\/bird\.conf:3:/);
    expect((await host.bird.command(SOCKET, 'configure check')).code).toBe(8002);
    // which file is loaded can be asked for: a constant of it
    expect(await host.bird.command(SOCKET, 'eval wgospf_generation')).toEqual({
      lines: [{ code: 23, text: '0123456789ab' }],
      code: 23,
    });
  });

  test('a constant that the loaded file lacks is a parse error, 9001', async () => {
    expect((await host.bird.command(SOCKET, 'eval wgospf_generation')).code).toBe(9001);
  });

  test('BIRD’s user can read root:bird 0640, and cannot read root:root 0600', async () => {
    expect(await host.bird.group()).toBe('bird');
    expect(await host.files.stat(CONF)).toMatchObject({ mode: 0o640, uid: 0 });
    expect((await host.bird.command(SOCKET, 'configure')).code).toBe(3);
    await ns.sh(`chown root:root ${CONF}; chmod 600 ${CONF}`);
    const refused = await host.bird.command(SOCKET, 'configure');
    expect(refused).toMatchObject({ code: 8002 });
    expect(refused.lines.at(-1)?.text).toContain('Permission denied');
    // the parser runs as the owner of the socket, who is told so
    expect(await host.bird.check(CONF, SOCKET)).toContain('Permission denied');
  });

  test('a long reply is complete', async () => {
    const links = Array.from({ length: 300 }, (_, i) => `interface "wg${i}" { cost ${i + 1}; };`).join('\n');
    await write(conf(`protocol ospf v2 mesh { area 0 { ${links} }; }\nprotocol static { ipv4; ${routes(3000)} }`));
    expect((await host.bird.command(SOCKET, 'configure')).code).toBe(3);
    const reply = await eventually(async () => {
      const all = await host.bird.command(SOCKET, 'show route');
      expect(all.lines.filter((l) => l.code === 1007).length).toBeGreaterThanOrEqual(3000);
      return all;
    });
    expect(reply.code).toBe(0);
  });

  test('concurrent sessions do not disturb each other', async () => {
    const replies = await Promise.all(Array.from({ length: 20 }, () => host.bird.command(SOCKET, 'show protocols')));
    for (const reply of replies) expect(reply.lines.map((l) => l.code)).toEqual([2002, 1002, 0]);
  });

  test('a hanging BIRD is ETIMEDOUT, a stopped one ENOENT, a crashed one ECONNREFUSED', async () => {
    await ns.sh('pkill -STOP -x bird');
    await expect(host.bird.command(SOCKET, 'show status')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    await stopBird('KILL');
    await expect(host.bird.command(SOCKET, 'show status')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await startBird();
    await stopBird('TERM');
    await expect(host.bird.command(SOCKET, 'show status')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

const routes = (count: number): string =>
  Array.from({ length: count }, (_, i) => `route 10.${70 + (i >> 8)}.${i & 255}.0/24 unreachable;`).join('\n');
