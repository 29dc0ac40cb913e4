// Opens the part inside a network namespace twice at the same time, and prints which processes answered.
//   node open-twice.ts NAME
import { openInside } from '../../../src/host/netns/start-inside.ts';
import { version } from '../../../src/host/version.ts';

const name = process.argv[2] ?? '';
const opened = await Promise.all([openInside(name, version), openInside(name, version)]);
console.log(opened.map(({ pid }) => pid).join(' '));
for (const connection of opened) connection.destroy();
