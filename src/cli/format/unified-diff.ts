// Two texts as `diff -u` shows them: Myers' greedy algorithm on lines (An O(ND) Difference Algorithm, 1986).

interface Line {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

const CONTEXT = 3;
/** Files that differ in more lines than this have little in common, and are shown as one taken away and one put in its place. */
const MOST_EDITS = 500;

/** '' where the texts are equal. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string {
  if (before === after) return '';
  const lines = compare(linesOf(before), linesOf(after));
  const head = [`--- ${names[0]}`, `+++ ${names[1]}`];
  return [...head, ...hunks(lines)].join('\n');
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function compare(a: readonly string[], b: readonly string[]): Line[] {
  const same = (text: string): Line => ({ mark: ' ', text });
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = edits(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)];
}

/** The furthest x on each diagonal, for each number of edits, until the ends are met. */
function edits(a: readonly string[], b: readonly string[]): Line[] {
  const trace: Map<number, number>[] = [];
  let reach = new Map([[1, 0]]);
  for (let d = 0; d <= Math.min(a.length + b.length, MOST_EDITS); d++) {
    trace.push(reach);
    const next = new Map(reach);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next.set(k, x);
      if (x >= a.length && x - k >= b.length) return backtrack(a, b, trace);
    }
    reach = next;
  }
  return [...a.map((text) => ({ mark: '-', text }) as const), ...b.map((text) => ({ mark: '+', text }) as const)];
}

function backtrack(a: readonly string[], b: readonly string[], trace: readonly ReadonlyMap<number, number>[]): Line[] {
  const lines: Line[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = trace.length - 1; d >= 0; d--) {
    const reach = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
    const from = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0);
    const fromY = from - (down ? k + 1 : k - 1);
    while (x > from && y > fromY && x > 0 && y > 0) {
      lines.push({ mark: ' ', text: a[x - 1] ?? '' });
      [x, y] = [x - 1, y - 1];
    }
    if (d === 0) break;
    lines.push(down ? { mark: '+', text: b[fromY] ?? '' } : { mark: '-', text: a[from] ?? '' });
    [x, y] = [from, fromY];
  }
  return lines.reverse();
}

/** Changed lines with some unchanged ones around them, each group under its `@@` line. */
function hunks(lines: readonly Line[]): string[] {
  const near = lines.map((_, i) =>
    lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(({ mark }) => mark !== ' '),
  );
  const out: string[] = [];
  let [oldLine, newLine] = [1, 1];
  for (const [i, line] of lines.entries()) {
    if (near[i] === true) {
      if (near[i - 1] !== true) {
        const end = near.indexOf(false, i);
        const group = lines.slice(i, end < 0 ? undefined : end);
        const count = (other: '-' | '+'): number => group.filter(({ mark }) => mark !== other).length;
        out.push(`@@ -${oldLine},${count('+')} +${newLine},${count('-')} @@`);
      }
      out.push(`${line.mark}${line.text}`);
    }
    if (line.mark !== '+') oldLine++;
    if (line.mark !== '-') newLine++;
  }
  return out;
}
