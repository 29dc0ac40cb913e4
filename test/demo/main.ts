// `npm run demo`: two routers, then three, each run from its own state.yaml by the real program, only on this machine.
// Stays up until Ctrl-C; `--once` ends by itself, with exit code 0 only if everything that it showed worked.
import { makeLab, type Lab } from '../netns/lab/make-lab.ts';
import { demo } from './demo.ts';
import { say } from './terminal.ts';
import { playground } from './playground.ts';

const once = process.argv.includes('--once');
let lab: Lab | undefined;
const state = { ending: false };

async function end(code: number, farewell = ''): Promise<never> {
  state.ending = true;
  await lab?.close();
  say(farewell);
  process.exit(code);
}

if (process.getuid?.() !== 0) {
  say('The demo makes network namespaces, which needs root. Type: sudo npm run demo');
  process.exit(1);
}
process.on('SIGTERM', () => void end(143));
process.on('SIGINT', () => void end(once ? 130 : 0, '\nThe routers are gone; nothing is left on this machine.'));

try {
  lab = await makeLab();
  const routers = await demo(lab);
  if (once) await end(0);
  playground(routers);
} catch (error) {
  // Ctrl-C also ends the command that is shown, which is no failure of the demo
  if (!state.ending) {
    say(`\nThe demo failed: ${error instanceof Error ? error.message : String(error)}`);
    await end(1);
  }
}
