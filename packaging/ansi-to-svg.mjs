// Text with terminal colours on standard input -> an SVG on standard output (packaging/demo-picture.sh). Understands the
// escape sequences SGR 0-2, 22, 30-37, 39 and 90-97 (ECMA-48, 8.3.117), and drops others. Cuts long lines off.
import { text } from 'node:stream/consumers';

const CELL = { width: 7.8, height: 17 };
const MARGIN = 14;
/** columns */
const WIDEST = 124;
const BACKGROUND = '#16191d';
const FOREGROUND = '#d7dae0';
const COLOURS = ['#5c6370', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#d7dae0'];

const plain = { colour: FOREGROUND, bold: false, faint: false };

/** The style after one SGR parameter. */
function changed(style, code) {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, faint: true };
  if (code === 22) return { ...style, bold: false, faint: false };
  if (code === 39) return { ...style, colour: FOREGROUND };
  const index = code >= 90 && code <= 97 ? code - 90 : code >= 30 && code <= 37 ? code - 30 : undefined;
  return index === undefined ? style : { ...style, colour: COLOURS[index] };
}

const ESCAPE = /\u001b(?:\[([0-9;]*)([A-Za-z])|\][^\u0007]*\u0007|[()][A-Z0-9]|[=>])/;

/** One line as runs of one style each, and the style at the start of the next line. */
function readLine(line, first) {
  const runs = [];
  let style = first;
  let column = 0;
  const put = (all) => {
    const room = WIDEST - column;
    const letters = [...all];
    const words = letters.length > room ? `${letters.slice(0, Math.max(0, room - 1)).join('')}…` : all;
    if (words !== '' && room > 0) runs.push({ column, words, style });
    column += letters.length;
  };
  let rest = line;
  for (let found = ESCAPE.exec(rest); found !== null; found = ESCAPE.exec(rest)) {
    put(rest.slice(0, found.index));
    if (found[2] === 'm') style = found[1].split(';').map(Number).reduce(changed, style);
    rest = rest.slice(found.index + found[0].length);
  }
  put(rest);
  return { runs, width: Math.min(column, WIDEST), style };
}

/** Spaces that no viewer collapses. */
const escaped = (words) =>
  words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0');

/** textLength keeps the columns with any monospaced font. */
function drawRun({ column, words, style }, row) {
  const shown = words.trim();
  if (shown === '') return '';
  const x = (MARGIN + (column + words.search(/\S/)) * CELL.width).toFixed(1);
  const y = MARGIN + row * CELL.height + 12;
  const length = ([...shown].length * CELL.width).toFixed(1);
  const looks = `${style.bold ? ' font-weight="bold"' : ''}${style.faint ? ' opacity="0.6"' : ''}`;
  return `<text x="${x}" y="${y}" textLength="${length}" fill="${style.colour}"${looks}>${escaped(shown)}</text>\n`;
}

const lines = (await text(process.stdin)).replaceAll('\r', '').replaceAll('\t', '        ').trimEnd().split('\n');
let style = plain;
let columns = 0;
const drawn = lines.map((line, row) => {
  const read = readLine(line, style);
  style = read.style;
  columns = Math.max(columns, read.width);
  return read.runs.map((run) => drawRun(run, row)).join('');
});
const width = Math.ceil(2 * MARGIN + columns * CELL.width);
const height = 2 * MARGIN + lines.length * CELL.height;
process.stdout.write(
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">\n` +
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>\n${drawn.join('')}</svg>\n`,
);
