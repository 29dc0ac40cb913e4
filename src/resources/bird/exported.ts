// What an OSPF instance originates, as prefixes of one family and as BIRD's words. Pure.
import { compareText } from '../../net/compare-text.ts';
import { formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import type { OspfInstance } from '../../model/types.ts';

/** Of all these instances together, each once. */
export function exportedPrefixes(instances: readonly OspfInstance[], family: Family): Prefix[] {
  const all = instances.flatMap(({ export: said }) => (said.kind === 'prefixes' ? said.prefixes : []));
  const byText = new Map(all.filter((p) => p.family === family).map((p) => [formatPrefix(p), p]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, p]) => p);
}

/** What stands behind `export`. Exact prefixes: nothing longer or shorter than what the state file names leaves here. */
export function exportWords(instance: OspfInstance, family: Family): string {
  const said = instance.export;
  switch (said.kind) {
    case 'none':
      return 'none';
    case 'connected':
      return 'where source = RTS_DEVICE';
    case 'filter':
      return `filter ${said.name}`;
    case 'prefixes': {
      const prefixes = exportedPrefixes([instance], family);
      return prefixes.length === 0 ? 'none' : `where net ~ [ ${prefixes.map(formatPrefix).join(', ')} ]`;
    }
  }
}
