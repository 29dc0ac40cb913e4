// One operation as the command a person would type, with a mark and colour for what it does.
import type { PublicOperation } from '../../engine/public.ts';
import type { Style } from '../style.ts';

const looks = {
  create: { mark: '+', paint: 'add' },
  update: { mark: '~', paint: 'change' },
  delete: { mark: '-', paint: 'remove' },
} as const;

/** `+ ip link add wg222 type wireguard`; `note` and an impact follow as a shell comment, so that the line can be pasted. */
export function formatOperation(operation: PublicOperation, style: Style, note?: string): string {
  const { mark, paint } = looks[operation.action];
  const notes = [operation.impact === 'none' ? undefined : style.warn(operation.impact), note].filter(
    (n) => n !== undefined,
  );
  const separator = operation.command.includes('  # ') ? ', ' : '  # ';
  const comment = notes.length === 0 ? '' : separator + notes.join(', ');
  return style[paint](`${mark} ${operation.command}`) + comment;
}
