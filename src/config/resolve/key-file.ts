// Paths of key files. Their names are relative to the folder of the state file.

/** The folder to which key files are relative; a state file without a folder counts as the installed one. */
export const folderOf = (file: string): string => {
  const end = file.lastIndexOf('/');
  if (end < 0) return '/etc/wgospf';
  return end === 0 ? '/' : file.slice(0, end);
};

/** Joins as path.posix.join does: `.` and `..` are resolved; an absolute name stays. */
export function keyPath(folder: string, name: string): string {
  const full = name.startsWith('/') ? name : `${folder}/${name}`;
  const parts: string[] = [];
  for (const part of full.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `${full.startsWith('/') ? '/' : ''}${parts.join('/')}`;
}

/** The file of a tunnel's private key: its own, else the shared one, else one with the tunnel's name. */
export const privateKeyName = (tunnel: string, own: string | undefined, shared: string | undefined): string =>
  own ?? shared ?? `keys/${tunnel}.key`;
