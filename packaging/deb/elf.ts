// What an ELF file requires of a machine: its cpu, its shared libraries, and which of their symbol versions.
// 64 bit, little-endian (elf(5)): the two architectures that we build for.

export interface ElfFacts {
  /** Debian's name of the architecture */
  readonly architecture: 'amd64' | 'arm64';
  /** sonames of DT_NEEDED */
  readonly needed: readonly string[];
  /** `GLIBC_2.28`, `GLIBCXX_3.4.21`: the loader checks them before the program runs */
  readonly versions: readonly string[];
}

/** e_machine: EM_X86_64, EM_AARCH64 */
const MACHINES = new Map([
  [62, 'amd64'],
  [183, 'arm64'],
] as const);

const SHT_DYNAMIC = 6;
const SHT_GNU_VERNEED = 0x6ffffffe;
const DT_NEEDED = 1;

interface Section {
  readonly type: number;
  /** the string table with its names */
  readonly strings: number;
  readonly offset: number;
  readonly size: number;
}

function readSections(view: DataView): Section[] {
  const u64 = (at: number): number => Number(view.getBigUint64(at, true));
  const [table, size, count] = [u64(0x28), view.getUint16(0x3a, true), view.getUint16(0x3c, true)];
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: view.getUint32(at + 4, true),
      strings: view.getUint32(at + 0x28, true),
      offset: u64(at + 0x18),
      size: u64(at + 0x20),
    };
  });
}

/** The text at `offset` of a string table, up to its zero byte. */
function textAt(file: Uint8Array, table: Section | undefined, offset: number): string {
  if (table === undefined) throw new Error('an ELF section names a string table that is not there');
  const start = table.offset + offset;
  return Buffer.from(file.subarray(start, file.indexOf(0, start))).toString('latin1');
}

function readNeeded(file: Uint8Array, view: DataView, sections: readonly Section[]): string[] {
  const dynamic = sections.find(({ type }) => type === SHT_DYNAMIC);
  if (dynamic === undefined) return [];
  const names: string[] = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.size; at += 16) {
    if (Number(view.getBigUint64(at, true)) !== DT_NEEDED) continue;
    names.push(textAt(file, sections[dynamic.strings], Number(view.getBigUint64(at + 8, true))));
  }
  return names;
}

/** Two chains, each linked by offsets: the libraries (Elf64_Verneed), and the versions of each (Elf64_Vernaux). */
function readVersions(file: Uint8Array, view: DataView, sections: readonly Section[]): string[] {
  const section = sections.find(({ type }) => type === SHT_GNU_VERNEED);
  if (section === undefined) return [];
  const versions = new Set<string>();
  let [library, nextLibrary] = [section.offset, -1];
  while (nextLibrary !== 0) {
    let [version, nextVersion] = [library + view.getUint32(library + 8, true), -1];
    while (nextVersion !== 0) {
      versions.add(textAt(file, sections[section.strings], view.getUint32(version + 8, true)));
      nextVersion = view.getUint32(version + 12, true);
      version += nextVersion;
    }
    nextLibrary = view.getUint32(library + 12, true);
    library += nextLibrary;
  }
  return [...versions];
}

export function readElf(file: Uint8Array): ElfFacts {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // ELF, ELFCLASS64, ELFDATA2LSB
  if (file.length < 64 || view.getUint32(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error('not a 64 bit little-endian ELF file');
  }
  const machine = view.getUint16(0x12, true);
  const architecture = MACHINES.get(machine as 62 | 183);
  if (architecture === undefined) throw new Error(`an ELF file for machine ${machine}: neither x86-64 nor aarch64`);
  const sections = readSections(view);
  return {
    architecture,
    needed: readNeeded(file, view, sections),
    versions: readVersions(file, view, sections),
  };
}
