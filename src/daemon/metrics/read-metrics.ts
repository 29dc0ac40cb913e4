// The metrics of this host, read now. Only the daemon's own work is counted; everything else is read from the host.
import type { HostReader } from '../../host/reader.ts';
import { lookForLeaks } from '../../leak-check/leak-conditions.ts';
import type { Path } from '../../leak-check/types.ts';
import type { RouterModel } from '../../model/types.ts';
import { renderMetrics } from './render-metrics.ts';
import type { LeakCount, MetricsFacts } from './types.ts';

export interface KnownFacts extends Omit<MetricsFacts, 'leaks'> {
  readonly model: RouterModel | undefined;
}

export function countLeaks(paths: readonly Path[]): LeakCount {
  const origins = Map.groupBy(paths, ({ origin }) => origin.name);
  const crossing = [...origins].map(([name, of]) => [name, of.filter(({ leak }) => leak !== undefined).length]);
  return { asked: paths.length, crossing: Object.fromEntries(crossing) as LeakCount['crossing'] };
}

export async function readMetrics(host: HostReader, { model, ...known }: KnownFacts): Promise<string> {
  const look = model && (await lookForLeaks(host, model));
  const leaks = look !== undefined && 'paths' in look ? countLeaks(look.paths) : undefined;
  return renderMetrics({ ...known, leaks });
}
