// Suggests the intended word for one that does not exist.

/** Optimal string alignment: the number of insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((row[j - 1] ?? 0) + 1, (above[j] ?? 0) + 1, (above[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = above;
    above = row;
  }
  return above[b.length] ?? 0;
}

/** Longer than any key: such a word is not compared. */
const MAX_WORD = 40;

/** Pairs of words with opposite meanings, although they look alike. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  ['import', 'export'],
  ['from', 'to'],
  ['rx', 'tx'],
  ['accept', 'generate'],
  ['allow', 'deny'],
  ['include', 'exclude'],
];
/** `disallowedIPs`, `excludeRoutes`, `noExport` */
const NEGATION = /^(?:dis|un|non?|not|without|exclude|ignore|deny|block|reject|skip)/;

/** Whether `word` means the opposite of `key`. */
export function opposite(key: string, word: string): boolean {
  const [a, b] = [bare(key), bare(word)];
  if (NEGATION.test(a) && NEGATION.exec(a)?.[0] !== NEGATION.exec(b)?.[0]) return true;
  return OPPOSITES.some(([one, other]) => {
    const reversed = (from: string, to: string): boolean => a.includes(from) && b.includes(to) && !a.includes(to);
    return reversed(one, other) || reversed(other, one);
  });
}

const bare = (word: string): string => word.toLowerCase().replace(/[-_ ]/g, '');

/** The word of `words` nearest to `word`, if it is near enough to be intended; case and `-`, `_` are ignored. */
export function nearest<W extends string>(word: string, words: readonly W[]): W | undefined {
  if (word.length > MAX_WORD) return undefined;
  const distances = words.map((w) => ({ w, d: editDistance(bare(word), bare(w)) }));
  const best = distances.sort(
    (a, b) => a.d - b.d || Math.abs(a.w.length - word.length) - Math.abs(b.w.length - word.length),
  )[0];
  return best !== undefined && best.d <= Math.max(1, Math.floor(best.w.length / 3)) ? best.w : undefined;
}
