// Rows of the documents' Markdown tables. Pure.

/** The text below a heading of level two, up to the next one. */
export const sectionOf = (page: string, title: string): string =>
  page.split('\n## ').find((text) => text.startsWith(`${title}\n`)) ?? '';

/** Cells of every row of the first table in the text, without heading and ruler; throws if there is no table. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^\|[\s:|-]+\|$/.test(line)) + 1;
  if (start === 0) throw new Error(`no table in: ${text.slice(0, 80)}`);
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end === -1 ? undefined : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}
