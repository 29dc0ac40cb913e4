import { describe, expect, it } from 'vitest';
import { createLinkNames, type LinkNames } from '../../../src/host/rtnetlink/link-names.ts';

const link = { kind: '', up: true, mtu: 1500, alias: '', master: '' };
const setUp = (): { names: LinkNames; wait: (ms: number) => void } => {
  let now = 0;
  return { names: createLinkNames(() => now), wait: (ms) => (now += ms) };
};

describe('link names', () => {
  it('keep names and indexes for a second', () => {
    const { names, wait } = setUp();
    names.saw({ name: 'wg7', index: 9 });
    wait(999);
    expect([names.indexOf('wg7'), names.nameOf(9), names.indexOf('wg8')]).toEqual([9, 'wg7', undefined]);
    wait(1);
    expect([names.indexOf('wg7'), names.nameOf(9)]).toEqual([undefined, undefined]);
  });
  it('follow a link to its new name', () => {
    const { names } = setUp();
    names.saw({ name: 'eth0', index: 2 });
    names.saw({ name: 'uplink', index: 2 });
    expect([names.indexOf('eth0'), names.indexOf('uplink'), names.nameOf(2)]).toEqual([undefined, 2, 'uplink']);
  });
  it('follow a name to another link', () => {
    const { names } = setUp();
    names.saw({ name: 'wg7', index: 9 });
    names.saw({ name: 'wg7', index: 10 });
    names.forget('wg7');
    expect([names.indexOf('wg7'), names.nameOf(10)]).toEqual([undefined, undefined]);
  });
  it('forget a link that is not in a listing', () => {
    const { names } = setUp();
    names.saw({ name: 'wg7', index: 9 });
    names.sawAll([{ ...link, name: 'lo', index: 1 }]);
    expect([names.indexOf('wg7'), names.nameOf(9), names.indexOf('lo')]).toEqual([undefined, undefined, 1]);
  });
});
