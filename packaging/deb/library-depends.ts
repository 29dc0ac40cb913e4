// ELF facts -> the libraries of Depends. Uses the symbol versions that the loader checks, as dpkg-shlibdeps does for a library
// without a symbols file: dpkg-shlibdeps needs the libraries of the other architecture installed, this needs nothing.
import type { ElfFacts } from './elf.ts';

/** sonames -> Debian's package; the same names in Debian 12, 13 and Ubuntu since 20.04 */
const PACKAGES: readonly [RegExp, string][] = [
  [/^(libc|libm|libdl|libpthread|librt)\.so\.\d+$|^ld-linux-/, 'libc6'],
  [/^libgcc_s\.so\.1$/, 'libgcc-s1'],
  [/^libstdc\+\+\.so\.6$/, 'libstdc++6'],
  [/^libatomic\.so\.1$/, 'libatomic1'],
];

/** The first release of GCC with GLIBCXX_3.4.N (libstdc++ manual, ABI Policy); numbers before 21 no longer matter. */
const LIBSTDCXX = new Map([
  [21, '5.1'],
  [22, '6.1'],
  [23, '7.1'],
  [24, '7.2'],
  [25, '8.1'],
  [26, '9.1'],
  [27, '9.2'],
  [28, '9.3'],
  [29, '11.1'],
  [30, '12.1'],
  [31, '13.1'],
  [32, '13.2'],
  [33, '14.1'],
]);

const compare = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** `GLIBC_2.28`, prefix `GLIBC_` -> the greatest number after it */
function greatest(versions: readonly string[], prefix: string): string | undefined {
  const numbers = versions.filter((v) => v.startsWith(prefix)).map((v) => v.slice(prefix.length));
  return numbers
    .filter((n) => /^[\d.]+$/.test(n))
    .sort(compare)
    .at(-1);
}

function libstdcxxFloor(versions: readonly string[]): string | undefined {
  const minor = Number(greatest(versions, 'GLIBCXX_')?.split('.')[2] ?? 0);
  if (minor < 21) return undefined;
  const floor = LIBSTDCXX.get(minor);
  if (floor === undefined) throw new Error(`no release of GCC is known here that has GLIBCXX_3.4.${minor}; add it`);
  return floor;
}

/** Debian versions of a package that provide all of `versions`; undefined: any. */
function floorOf(name: string, versions: readonly string[]): string | undefined {
  switch (name) {
    case 'libc6':
      return greatest(versions, 'GLIBC_');
    case 'libgcc-s1':
      return greatest(versions, 'GCC_');
    case 'libstdc++6':
      return libstdcxxFloor(versions);
    default:
      return undefined;
  }
}

/** `libc6 (>= 2.28)`, ..., sorted. Throws if a library is of no known package: nobody would notice that it is missing. */
export function libraryDepends(files: readonly ElfFacts[]): string[] {
  const versions = files.flatMap((file) => file.versions);
  const names = files.flatMap(({ needed }) =>
    needed.map((soname) => {
      const found = PACKAGES.find(([pattern]) => pattern.test(soname));
      if (found === undefined) throw new Error(`no Debian package is known here that has ${soname}; add it`);
      return found[1];
    }),
  );
  return [...new Set(names)].sort().map((name) => {
    const floor = floorOf(name, versions);
    return floor === undefined ? name : `${name} (>= ${floor})`;
  });
}
