import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take more than a minute, the longest first. One that starts last keeps the others' processors idle. */
const LONG = [
  'golden-kernel',
  'daemon-repair',
  'bird-takes-what-check-accepts',
  'bird-ospf',
  'daemon-soak',
  'isolation-table-mark',
  'bird-impact',
  'bird-reload-table',
  'pairs',
  'kernel-suite',
  'daemon-kill',
].map((name) => `/${name}.test.ts`);

const rank = ({ moduleId }: TestSpecification): number => {
  const found = LONG.findIndex((name) => moduleId.endsWith(name));
  return found < 0 ? LONG.length : found;
};

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
