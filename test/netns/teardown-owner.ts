// Run by teardown.test.ts: makes a lab with daemons in it, tells the namespaces' inodes, and waits to be killed.
import { readlinkSync } from 'node:fs';
import { makeLab } from './lab/make-lab.ts';

const lab = await makeLab();
const router = await lab.router('node111');
const host = await lab.host('host111', router, { dev: 'eth1', address: '10.69.1.50/24', gateway: '10.69.1.11' });
await router.startBird();
await router.exec('wireguard-go', ['wg222']);
router.start('ping', ['-q', '198.51.100.254']);
await router.sh('setsid sleep 1000 >/dev/null 2>&1 </dev/null & disown');
console.log([lab.underlay, router, host].map(({ pid }) => readlinkSync(`/proc/${pid}/ns/net`)).join(' '));
setInterval(() => undefined, 1000);
