// The one order of names and addresses in everything that a person reads.

const collator = new Intl.Collator('en', { numeric: true });

/** Compares names as people count: wg2 before wg10; 10.9.0.0 before 10.10.0.0. Texts that differ never compare equal. */
export const compareText = (a: string, b: string): number => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
