// From a path of the state file to the text that was written there.
import type { LineCounter } from 'yaml';
import type { SourceRef } from '../model/types.ts';
import { redact } from './redact.ts';

export type Path = readonly (string | number)[];

export interface Span {
  readonly offset: number;
  readonly length: number;
}

export interface Place {
  /** of its key; undefined for a list's item and the root */
  readonly key: Span | undefined;
  readonly value: Span;
  /** a map or list spread over lines of its own: its key stands for it */
  readonly block: boolean;
  /** a plain scalar as it was typed (`0x10`, `1:30`, `~`); undefined where it was quoted or is no scalar */
  readonly plain: string | undefined;
}

export type Part = 'key' | 'value';

export interface Located extends SourceRef {
  readonly length: number;
}

export interface Locator {
  /** the nearest thing around it where the path itself was not written */
  at(path: Path, part?: Part): Located;
  span(span: Span, path?: Path): Located;
  place(path: Path): Place | undefined;
  /** the value as it was typed; undefined where it takes more than one line or 60 characters */
  typed(path: Path): string | undefined;
}

export type Places = ReadonlyMap<string, Place>;

export const placeKey = (path: Path): string => path.join('\0');

/** `tunnels.wg222.peer.allowedIPs[0]`; a key pasted where a word belongs is not shown */
export const formatPath = (path: Path): string =>
  redact(
    path.reduce<string>(
      (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
      '',
    ),
  );

function spanOf(places: Places, path: Path, part: Part): Span {
  const place = places.get(placeKey(path));
  if (place !== undefined) return part === 'key' || place.block ? (place.key ?? place.value) : place.value;
  for (let end = path.length - 1; end > 0; end--) {
    const around = places.get(placeKey(path.slice(0, end)));
    if (around !== undefined) return around.key ?? around.value;
  }
  return { offset: 0, length: 1 };
}

export function createLocator(file: string, text: string, lines: LineCounter, places: Places): Locator {
  const span = ({ offset, length }: Span, path: Path = []): Located => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), col: Math.max(1, col), length, path: formatPath(path) };
  };
  return {
    at: (path, part = 'value') => span(spanOf(places, path, part), path),
    span,
    place: (path) => places.get(placeKey(path)),
    typed: (path) => {
      const value = places.get(placeKey(path))?.value;
      const typed =
        value === undefined || value.length > 60 ? '' : text.slice(value.offset, value.offset + value.length);
      return typed === '' || /[\n\r]/.test(typed) ? undefined : typed;
    },
  };
}
