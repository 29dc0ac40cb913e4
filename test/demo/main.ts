// `npm run demo`: two routers, then three, each run from its own state.yaml by the real program, on this machine alone.
// Stays up until Ctrl-C; `--once` ends by itself, with exit 0 only when all that it showed worked.
import { makeLab, type Lab } from '../netns/lab/make-lab.ts';
import { demo } from './demo.ts';
import { say } from './terminal.ts';
import { playground } from './playground.ts';

const once = process.argv.includes('--once');
let lab: Lab | undefined;

async function end(code: number): Promise<never> {
  await lab?.close();
  process.exit(code);
}

if (process.getuid?.() !== 0) {
  say('The demo makes network namespaces, which needs root. Type: sudo npm run demo');
  process.exit(1);
}
process.on('SIGTERM', () => void end(143));
process.on('SIGINT', () => {
  say('\nThe routers are gone; nothing is left on this machine.');
  void end(once ? 130 : 0);
});

try {
  lab = await makeLab();
  const routers = await demo(lab);
  if (once) await end(0);
  playground(routers);
} catch (error) {
  say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
  await end(1);
}
