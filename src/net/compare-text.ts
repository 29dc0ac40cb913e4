// The order of names and addresses in all output for people.

/** Of ASCII, as the Unicode collation has it: punctuation, digits, letters whatever their case. Others come after it. */
const ORDER = ` _-,;:!?.'"()[]{}@*/\\&#%\`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz`;

const weights = Array.from({ length: 128 }, (_, code) => ORDER.indexOf(String.fromCharCode(code).toLowerCase()));

const weightOf = (code: number): number => weights[code] ?? code;

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

/** The end of the run of digits that begins there. */
function endOfDigits(text: string, start: number): number {
  let end = start;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Numbers of any length, without their leading zeros. */
const compareDigits = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/**
 * Compares numbers in names as numbers: wg2 before wg10; 10.9.0.0 before 10.10.0.0. Texts that differ never compare equal. The order
 * is Intl.Collator's, which takes milliseconds to be made in each process.
 */
export function compareText(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(j)];
    if (isDigit(left) && isDigit(right)) {
      const [endA, endB] = [endOfDigits(a, i), endOfDigits(b, j)];
      const order = compareDigits(withoutZeros(a, i, endA), withoutZeros(b, j, endB));
      if (order !== 0) return order;
      [i, j] = [endA, endB];
    } else {
      const order = left === right ? 0 : weightOf(left) - weightOf(right);
      if (order !== 0) return order;
      i++;
      j++;
    }
  }
  return a.length - i - (b.length - j) || (a < b ? 1 : a > b ? -1 : 0);
}

function withoutZeros(text: string, start: number, end: number): string {
  let first = start;
  while (first < end - 1 && text.charCodeAt(first) === 48) first++;
  return text.slice(first, end);
}
