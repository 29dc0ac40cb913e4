// `bird -p` of several BIRDs reads many files, each BIRD in its own shell: BIRD needs one process per file, and no more.
import { execa } from 'execa';
import type { BirdVersion } from './bird-versions.ts';

/** Runs `bird -p` on each file named on standard input; prints `FILE<TAB>OUTPUT` for those that it refuses. */
const SCRIPT = `
while IFS= read -r file; do
  said=$("$0" -p -c "$file" 2>&1) || printf '%s\\t%s\\n' "$file" "$(printf %s "$said" | tr '\\n' ' ')"
done`;

/** That BIRD's output for the files that it refuses. */
export async function refused(version: BirdVersion, files: readonly string[]): Promise<Map<string, string>> {
  const { stdout } = await execa('sh', ['-c', SCRIPT, version.bird], {
    input: files.map((file) => `${file}\n`).join(''),
  });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line): [string, string] => [line.split('\t')[0] ?? '', line.split('\t').slice(1).join(' ')]),
  );
}
