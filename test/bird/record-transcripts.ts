// Records the answers of each BIRD on its control socket, for test/host/bird-parse.test.ts: two routers on a cable, Full.
//   sudo node test/bird/record-transcripts.ts        # namespaces; Debian's packages are fetched if missing
import { mkdirSync, writeFileSync } from 'node:fs';
import { birdVersions, useBird, type BirdVersion } from '../netns/lab/bird-versions.ts';
import { eventually } from '../netns/lab/eventually.ts';
import { makeLab } from '../netns/lab/make-lab.ts';
import type { Router } from '../netns/lab/router.ts';

const QUESTIONS = [
  ...['show status', 'show protocols', 'show protocols all', 'show protocols nosuch'],
  ...['show ospf neighbors', 'show ospf interface', 'show ospf lsadb', 'show ospf lsadb mesh4'],
  'show ospf lsadb mesh6',
  ...['show route', 'show route count', 'eval wgospf_generation', 'eval nosuch', 'configure status'],
];

const folder = new URL('transcripts/', import.meta.url).pathname;

/** One session in node, so the record has BIRD's own bytes, without birdc between; the greeting is left out. */
const talk = `
  const [question] = process.argv.slice(1);
  const socket = require('node:net').connect('/run/bird/bird.ctl');
  let text = '';
  socket.setEncoding('utf8').on('data', (piece) => {
    text += piece;
    if (/^0001 .*\\n$/.test(text)) return socket.write(question + '\\n'), (text = '');
    if (/^\\d{4} .*\\n$/m.test(text)) process.stdout.write(text), socket.destroy();
  });`;

const ospf16 = (clause: string): string => `protocol ospf mesh4 { import all; export none; area 0 { ${clause} }; }`;
const ospf2 = (clause: string): string =>
  `protocol ospf v2 mesh4 { ipv4 { import all; export none; }; area 0 { ${clause} }; }`;

function conf(n: 1 | 2, { major }: BirdVersion): string {
  const clause = 'interface "cab" { type ptp; hello 1; dead 10; cost 15; }; interface "lan" { stub; cost 1; };';
  const rest =
    major === 1
      ? 'protocol direct direct4 { interface "cab", "lan"; }\nprotocol kernel kernel4 { kernel table 2; metric 64; import none; export all; }\n'
      : 'protocol direct direct4 { ipv4; interface "cab", "lan"; }\nprotocol kernel kernel4 { kernel table 2; metric 64; ipv4 { import none; export all; }; }\n';
  const v3 =
    major === 1
      ? ''
      : 'protocol ospf v3 mesh6 { ipv6 { import all; export none; }; area 0 { interface "cab" { type ptp; hello 1; dead 10; cost 15; }; }; }\n';
  return `router id 10.69.${n}.1;\ndefine wgospf_generation = "0123456789abcdef";\nprotocol device device1 { }\n${rest}${
    major === 1 ? ospf16(clause) : ospf2(clause)
  }\n${v3}`;
}

async function start(router: Router, n: 1 | 2, version: BirdVersion): Promise<void> {
  await useBird(router, version);
  await router.sh(`
    ip addr add 10.70.89.${n - 1}/31 dev cab; ip -6 addr add fe80::${n}/64 dev cab nodad; ip link set cab up
    ip link add lan type bridge; ip addr add 10.69.${n}.1/24 dev lan; ip link set lan up`);
  await router.writeFile('/etc/bird/bird.conf', conf(n, version));
  await router.startBird();
}

async function record(version: BirdVersion): Promise<void> {
  const lab = await makeLab();
  try {
    const [a, b] = [await lab.router('a'), await lab.router('b')];
    await lab.connect(a, 'cab', b, 'cab');
    await Promise.all([start(a, 1, version), start(b, 2, version)]);
    await eventually(async () => {
      if (!(await a.sh('ip route show table 2')).includes('10.69.2.0/24')) throw new Error('nothing learned as yet');
    });
    mkdirSync(`${folder}${version.label}`, { recursive: true });
    for (const question of QUESTIONS) {
      const { stdout } = await a.exec(process.execPath, ['-e', talk, question]);
      writeFileSync(
        `${folder}${version.label}/${question.replaceAll(' ', '-')}.txt`,
        `${stdout}\n`.replace(/\n+$/, '\n'),
      );
    }
    console.log(`${version.label}: ${version.version}, ${QUESTIONS.length} replies`);
  } finally {
    await lab.close();
  }
}

for (const version of await birdVersions()) await record(version);
