// The options and results of a benchmark, and the arithmetic that all share.

export interface BenchmarkOptions {
  readonly tunnels: number;
  readonly runs: number;
  /** all numbers of `--tunnels`; `tunnels` is the first of them */
  readonly counts: readonly number[];
  /** in a virtual machine, if the benchmark can */
  readonly vm: boolean;
}

export interface BenchmarkResult {
  readonly data: unknown;
  /** for a terminal, without a newline at the end */
  readonly text: string;
}

export type Benchmark = (options: BenchmarkOptions) => Promise<BenchmarkResult>;

/** The middle value; the lower one of two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('no values');
  return middle;
}

/** The smallest value that at least `share` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values');
  return value;
}

/** Rows of equal length, the first column aligned left and the others right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
