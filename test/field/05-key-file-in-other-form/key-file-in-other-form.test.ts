// rcmcdonald91/pfSense-pkg-WireGuard#105, WireGuard/wireguard-vyatta-ubnt#138, systemd/systemd#35641: keys in files of other forms
// than `wg genkey` prints. The file or the live device may have the only copy of the key: wgospf never gives up either.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeLab, type Lab } from '../../netns/lab/make-lab.ts';
import type { Router } from '../../netns/lab/router.ts';

const FILE = '/etc/wireguard/wg222.conf';
const OWN = '/etc/wgospf/keys/wg222.key';

let lab: Lab;
let router: Router;
let state: string;

beforeAll(async () => {
  state = await readFile(join(import.meta.dirname, 'state.yaml'), 'utf8');
  lab = await makeLab();
  router = await lab.router('router');
  await router.startBird();
});

afterAll(() => lab.close());

/** `key` is shell code that makes a new private key. */
const FORMS = {
  'of wg-quick': `printf '[Interface]\\n# PrivateKey = none\\nAddress = 10.70.89.0/31\\nPrivateKey = %s # ours\\n' "$key"`,
  'of wg-quick with CRLF, peers and small letters': `printf '[Interface]\\r\\nprivatekey=%s\\r\\n[Peer]\\r\\nPublicKey = %s\\r\\n' "$key" "$(wg genkey | wg pubkey)"`,
  'of one line alone': `printf 'PrivateKey = %s\\n' "$key"`,
  'with a byte order mark': `printf '\\357\\273\\277%s\\n' "$key"`,
  'with a remark': `printf '# of node 222\\n%s\\n' "$key"`,
  'without its last letter': `printf '%s\\n' "\${key%=}"`,
  'in hexadecimal': `printf %s "$key" | base64 -d | od -An -v -tx1 | tr -d ' \\n'`,
} as const;

const sum = (file: string): Promise<string> => router.sh(`cat ${file} | sha256sum; stat -c '%a %i' ${file}`);

test.each(Object.entries(FORMS))(
  'the cure for a key file %s recovers the key and keeps the file',
  async (_name, print) => {
    await router.writeState(state);
    const publicKey = await router.sh(
      `umask 077; mkdir -p /etc/wireguard; rm -rf /etc/wgospf/keys; key=$(wg genkey); { ${print}; } >${FILE}; echo "$key" | wg pubkey`,
    );
    const before = await sum(FILE);
    const { stderr, exitCode } = await router.wgospf(['check'], { mayFail: true });
    expect(exitCode).toBe(1);
    const [, command = '', name = ''] = /^ {2}run: (.+), then write: privateKeyFile: (\S+)$/m.exec(stderr) ?? [stderr];
    expect(command, stderr).not.toMatch(/\brm\b/);
    await router.sh(command);
    await router.writeState(state.replace(FILE, name));
    expect((await router.wgospf(['check'])).stdout).toMatch(/: ok /);
    expect(await router.sh(`wg pubkey </etc/wgospf/${name}`)).toBe(publicKey);
    expect((await router.sh(`stat -c %a /etc/wgospf/${name}`)).trim()).toBe('600');
    expect(await sum(FILE)).toBe(before);
    expect((await router.exec('sh', ['-c', command], { mayFail: true })).exitCode).not.toBe(0);
  },
);

test.each(['', 'nonsense\\n', '"$(wg genkey)\\n$(wg genkey)"'])(
  'a file without exactly one key (%s) is not changed',
  async (text) => {
    await router.writeState(state);
    await router.sh(`umask 077; rm -rf /etc/wgospf/keys; printf ${text || "''"} >${FILE}`);
    const before = await sum(FILE);
    const { stderr } = await router.wgospf(['check'], { mayFail: true });
    const [, name = ''] = /^ {2}write: privateKeyFile: ([^\s,]+), which is made/m.exec(stderr) ?? [stderr];
    await router.writeState(state.replace(FILE, name));
    expect((await router.wgospf(['check'])).stdout).toMatch(/: ok /);
    expect(await sum(FILE)).toBe(before);
  },
);

const publicKeys = (): Promise<string> => router.sh(`wg show wg222 public-key; wg pubkey <${OWN}`);

test("the missing key file of a live tunnel is made from the tunnel's key", async () => {
  await router.writeState(state.replace(FILE, OWN));
  await router.sh('rm -rf /etc/wgospf/keys');
  await router.wgospf(['apply', '--adopt']);
  const before = await publicKeys();
  await router.sh(`rm ${OWN}`);
  const { stdout } = await router.wgospf(['apply']);
  expect(stdout).toContain(`wg show wg222 private-key > ${OWN}`);
  expect(stdout).not.toMatch(/wg set|re-handshake/);
  expect(await publicKeys()).toBe(before);
  expect((await router.sh(`stat -c '%a %U' ${OWN}`)).trim()).toBe('600 root');
  expect((await router.wgospf(['plan'])).stdout).toMatch(/^in sync/m);
});

test('a hand-made tunnel without a key file is adopted with its key, and with another key in the file both are kept', async () => {
  await router.wgospf(['down']);
  const secret = await router.sh(`
    rm -r /etc/wgospf/keys
    wireguard-go wg222 2>/dev/null
    wg genkey >/root/key; wg genpsk >/root/psk
    wg set wg222 private-key /root/key listen-port 51825 peer +9R/H4k53cJTnxfMoXINjlOPrCad8a/nZ9rKdNE9ulg= preshared-key /root/psk allowed-ips 0.0.0.0/0
    cat /root/key /root/psk; rm /root/key /root/psk`);
  const [privateKey = '', psk = ''] = secret.trim().split('\n');
  const { stdout } = await router.wgospf(['apply', '--adopt']);
  for (const key of [privateKey, psk]) expect(stdout).not.toContain(key);
  expect((await router.sh(`cat ${OWN}`)).trim()).toBe(privateKey);
  expect((await router.sh('wg show wg222 private-key')).trim()).toBe(privateKey);
  const kept = await router.sh('cd /etc/wgospf/keys; stat -c %a *before-wgospf; cat *before-wgospf');
  expect(kept).toMatch(/^600\n/);
  expect(kept).toContain(`PrivateKey = ${privateKey}`);
  expect(kept).toContain(`PresharedKey = ${psk}`);
});
