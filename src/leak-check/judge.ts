// Whether a path crosses between the mesh and the underlay. Pure.
import type { RouteAnswer } from '../host/types.ts';
import type { Path, Probe } from './types.ts';

/** @param mesh names of the mesh interfaces */
export function judge(probe: Probe, answer: RouteAnswer, mesh: ReadonlySet<string>): Path {
  return { ...probe, answer, leak: answer.verdict === 'forward' ? leakOf(probe, answer.dev, mesh) : undefined };
}

function leakOf({ origin, destination }: Probe, dev: string, mesh: ReadonlySet<string>): string | undefined {
  if (origin.side === 'underlay') {
    return mesh.has(dev) ? 'it gets into the mesh' : "the mesh's traffic leaves by the underlay";
  }
  if (origin.side === 'own' && destination.side === 'underlay') {
    return mesh.has(dev) ? 'a tunnel would run through the mesh itself' : undefined;
  }
  return mesh.has(dev) ? undefined : "the mesh's traffic leaves by the underlay";
}
