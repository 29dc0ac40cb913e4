// `show status` (1000, 1011, 0013; nest/cmds.c cmd_show_status) of BIRD 1.6, 2 and 3.
import { codes } from '../reply-codes.ts';
import { versionIn } from '../version.ts';
import type { BirdReply, BirdVersion } from '../../types.ts';

export interface BirdStatus {
  readonly version: BirdVersion | undefined;
  readonly routerId: string;
  /** in BIRD's time format, which the operator may set: for comparison only */
  readonly lastReboot: string;
  readonly lastReconfiguration: string;
}

export function parseStatus(reply: BirdReply): BirdStatus {
  const { lines } = reply;
  const said = (start: string): string =>
    lines
      .find(({ code, text }) => code === codes.status && text.startsWith(start))
      ?.text.slice(start.length)
      .trim() ?? '';
  return {
    version: versionIn(reply),
    routerId: said('Router ID is '),
    lastReboot: said('Last reboot on '),
    lastReconfiguration: said('Last reconfiguration on '),
  };
}
