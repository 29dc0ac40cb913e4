// The one order of names and addresses in everything that a person reads.

let collator: Intl.Collator | undefined;

/** Made when it is first needed: it takes milliseconds. */
const collate = (a: string, b: string): number =>
  (collator ??= new Intl.Collator('en', { numeric: true })).compare(a, b);

/** Compares names as people count: wg2 before wg10; 10.9.0.0 before 10.10.0.0. Texts that differ never compare equal. */
export const compareText = (a: string, b: string): number => collate(a, b) || (a < b ? -1 : a > b ? 1 : 0);
