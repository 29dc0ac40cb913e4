// The words of `wgospf metrics`; what it does is in actions/metrics.ts.
import { Command } from 'commander';
import type { MakeCommand } from '../command.ts';
import { stateOption } from '../options.ts';

export const metricsCommand: MakeCommand = (act) =>
  new Command('metrics')
    .summary('print metrics for Prometheus')
    .description(
      "Print the router's state as metrics in Prometheus' text format. The daemon answers if one runs, and adds its " +
        'counters; otherwise the host is read.',
    )
    .addOption(stateOption())
    .action(act(async () => (await import('../actions/metrics.ts')).metrics));
