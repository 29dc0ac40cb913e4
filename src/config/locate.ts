// Finds the text at a path of the state file.
import type { SourceRef } from '../model/types.ts';
import { redact } from './redact.ts';

export type Path = readonly (string | number)[];

export interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface Place {
  /** the span of its key; undefined for a list's item and the root */
  readonly key: Span | undefined;
  readonly value: Span;
  /** a map or list on separate lines: problems mark its key instead */
  readonly block: boolean;
  /** a plain scalar as typed (`0x10`, `1:30`, `~`); undefined if it is quoted or not a scalar */
  readonly plain: string | undefined;
}

export type Part = 'key' | 'value';

export interface Located extends SourceRef {
  readonly length: number;
}

export interface Locator {
  /** the position of the path, or of the nearest one around it that is in the text */
  at(path: Path, part?: Part): Located;
  span(span: Span, path?: Path): Located;
  place(path: Path): Place | undefined;
  /** the value as typed; undefined if it has more than one line or 60 characters */
  typed(path: Path): string | undefined;
}

export type PlaceOf = (path: Path) => Place | undefined;

/** Line and column of an offset; both count from 1. */
export interface Lines {
  linePos(offset: number): { readonly line: number; readonly col: number };
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return {
    linePos(offset) {
      let [low, high] = [0, starts.length];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if ((starts[middle] ?? 0) <= offset) low = middle;
        else high = middle;
      }
      return { line: low + 1, col: offset - (starts[low] ?? 0) + 1 };
    },
  };
}

export const placeKey = (path: Path): string => path.join('\0');

/** `tunnels.wg222.peer.allowedIPs[0]`; a WireGuard key pasted in place of a name is not shown */
export const formatPath = (path: Path): string =>
  redact(
    path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
      '',
    ),
  );

function spanOf(placeOf: PlaceOf, path: Path, part: Part): Span {
  const place = placeOf(path);
  if (place !== undefined) return part === 'key' || place.block ? (place.key ?? place.value) : place.value;
  for (let end = path.length - 1; end > 0; end--) {
    const around = placeOf(path.slice(0, end));
    if (around !== undefined) return around.key ?? around.value;
  }
  return { offset: 0, length: 1 };
}

export function createLocator(file: string, text: string, lines: Lines, place: PlaceOf): Locator {
  const span = ({ offset, length }: Span, path: Path = []): Located => {
    return { file, ...lines.linePos(offset), length, path: formatPath(path) };
  };
  return {
    at: (path, part = 'value') => span(spanOf(place, path, part), path),
    span,
    place,
    typed: (path) => {
      const { block = true, value } = place(path) ?? {};
      const typed =
        block || value === undefined || value.length > 60 ? '' : text.slice(value.offset, value.offset + value.length);
      return typed === '' || /[\n\r]/.test(typed) ? undefined : typed;
    },
  };
}
