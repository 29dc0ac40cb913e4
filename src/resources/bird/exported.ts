// What an OSPF instance originates: prefixes of one family, and BIRD's words. Pure.
import { compareText } from '../../net/compare-text.ts';
import { formatPrefix, type Family, type Prefix } from '../../net/ip.ts';
import type { OspfInstance } from '../../model/types.ts';

/** The prefixes of all these instances, each once. */
export function exportedPrefixes(instances: readonly OspfInstance[], family: Family): Prefix[] {
  const all = instances.flatMap(({ export: said }) => (said.kind === 'prefixes' ? said.prefixes : []));
  const byText = new Map(all.filter((p) => p.family === family).map((p) => [formatPrefix(p), p]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, p]) => p);
}

/** The words after `export`. Prefixes are exact: nothing longer or shorter than in the state file is exported. */
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
