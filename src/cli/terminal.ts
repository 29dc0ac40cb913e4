// The terminal as a screen to draw on: the alternate one, so that what stood there before comes back.

export interface Screen {
  /** replaces all that is shown */
  readonly draw: (lines: readonly string[]) => void;
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** gives the terminal back as it was */
  readonly close: () => void;
}

export interface ScreenEvents {
  /** one key, as the terminal sends it; Ctrl-C too, and 'q' where a signal asks to end */
  readonly onKey: (key: string) => void;
  readonly onResize: () => void;
  /** every second */
  readonly onTick: () => void;
}

export interface Terminal {
  readonly open: (events: ScreenEvents) => Screen;
}

// xterm's control sequences, which every terminal of today knows (console_codes(4)).
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

const ENDING = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

function open(process: NodeJS.Process, { onKey, onResize, onTick }: ScreenEvents): Screen {
  const { stdin, stdout } = process;
  const end = (): void => onKey('q');
  const key = (data: string): void => onKey(data);
  stdin.setRawMode(true).setEncoding('utf8').on('data', key);
  stdout.on('resize', onResize).write(ENTER);
  for (const signal of ENDING) process.on(signal, end);
  const timer = setInterval(onTick, 1000);
  return {
    // overwritten in place and cleared behind: a screen cleared first would flicker
    draw: (lines) => void stdout.write(HOME + lines.join(`${CLEAR_LINE}\r\n`) + CLEAR_LINE + CLEAR_BELOW),
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    close: () => {
      clearInterval(timer);
      for (const signal of ENDING) process.off(signal, end);
      stdout.off('resize', onResize).write(LEAVE);
      stdin.off('data', key).setRawMode(false).pause();
    },
  };
}

export const terminalOf = (process: NodeJS.Process): Terminal | undefined =>
  process.stdin.isTTY && process.stdout.isTTY ? { open: (events) => open(process, events) } : undefined;
