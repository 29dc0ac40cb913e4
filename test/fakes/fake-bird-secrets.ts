// The file of OSPF's passwords on the fake host; the nonce counts the writes.
import type { BirdSecrets, BirdSecretSource } from '../../src/host/types.ts';
import { writeFile } from './fake-files.ts';
import { hostError, type FakeState } from './fake-state.ts';
import type { Sync } from './instrument.ts';

const NONCE = /wgospf_secrets = "(.*)"/;

const render = (state: FakeState, sources: readonly BirdSecretSource[], nonce: string): string =>
  [
    `define wgospf_secrets = "${nonce}";`,
    ...sources.map(({ constant, file }) => `define ${constant} = "${state.files.get(file)?.text.trim() ?? ''}";`),
  ].join('\n');

export const fakeBirdSecrets = (state: FakeState): Sync<BirdSecrets> => ({
  state(file, sources) {
    const text = state.files.get(file)?.text;
    if (text === undefined) return undefined;
    const nonce = NONCE.exec(text)?.[1] ?? '';
    return { nonce, right: text === render(state, sources, nonce) };
  },
  write(file, sources, group) {
    const missing = sources.find((source) => !state.files.has(source.file));
    if (missing !== undefined) throw hostError(`read the password in ${missing.file}`, 'ENOENT');
    const count = Number(NONCE.exec(state.files.get(file)?.text ?? '')?.[1] ?? 0) + 1;
    writeFile(state, file, render(state, sources, String(count)), { mode: 0o640, owner: `root:${group}` });
  },
});
