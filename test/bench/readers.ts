// The effect of sixty programs that ask the daemon for its plan in a loop on its repairs: the time until damage is repaired with
// and without them, side by side on one router.
import { startDaemon } from '../netns/lab/daemon.ts';
import { eventually } from '../netns/lab/eventually.ts';
import { percentile, table, type Benchmark } from './benchmark.ts';
import { withHubRouter } from './hub-router.ts';
import { damageTunnels, type Trial } from './repair.ts';

const READERS = 60;

/** Prints once a second how many answers it got. */
const LOOPS = `
  const { request } = require('node:http');
  let answers = 0;
  const ask = () => {
    const asked = request({ socketPath: '/run/wgospf/status.sock', path: '/plan', agent: false }, (answer) => {
      answer.resume().on('end', () => { answers++; ask(); });
    });
    asked.on('error', () => setTimeout(ask, 100)).end();
  };
  for (let n = 0; n < ${READERS}; n++) ask();
  setInterval(() => console.log(answers), 1000);`;

const row = (name: string, trials: readonly Trial[], answers: string): string[] => {
  const gone = trials.map((trial) => trial.gone);
  return [name, String(trials.length), percentile(gone, 0.5).toFixed(1), percentile(gone, 0.95).toFixed(1), answers];
};

export const readers: Benchmark = ({ tunnels: count, runs }) =>
  withHubRouter(count, async ({ router, tunnels }) => {
    await router.sh('echo wgospf:x:4242: >>/etc/group');
    const daemon = await startDaemon(router);
    const alone = await damageTunnels(router, tunnels, runs);
    const loops = router.start(process.execPath, ['-e', LOOPS]);
    await eventually(() => {
      if (!/\d\n/.test(loops.output())) throw new Error('no reader was answered');
    });
    const begin = performance.now();
    const among = await damageTunnels(router, tunnels, runs);
    const seconds = (performance.now() - begin) / 1000;
    const answers = Number((await loops.stop('SIGKILL')).trim().split('\n').at(-1));
    await daemon.stop();
    const median = (trials: readonly Trial[]): number =>
      percentile(
        trials.map(({ gone }) => gone),
        0.5,
      );
    const ratio = median(among) / median(alone);
    return {
      data: { benchmark: 'readers', tunnels: count, runs, readers: READERS, alone, among, answers, seconds, ratio },
      text: [
        `${count} tunnels; milliseconds that damage stood, alone and with ${READERS} loops of GET /plan: ratio ${ratio.toFixed(1)}`,
        table([
          ['', 'trials', 'gone p50', 'p95', 'answers/s'],
          row('alone', alone, ''),
          row(`${READERS} readers`, among, (answers / seconds).toFixed(0)),
        ]),
      ].join('\n'),
    };
  });
