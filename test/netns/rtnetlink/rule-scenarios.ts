// Rules: exact deletes, what the kernel takes as a wildcard, and many calls at once.
import { createRtnetlink } from '../../../src/host/rtnetlink/rtnetlink.ts';
import type { Rtnetlink, RuleInfo } from '../../../src/host/types.ts';
import { rule } from '../../fakes/suite/lab.ts';
import { code, ip, ipJson, pick, prefix } from './ip.ts';
import type { Scenario } from './scenario.ts';
import { watchedSocket } from './watched-socket.ts';

const P = prefix('10.69.0.0/16');
/** The shape of the product's own rule set. */
const ours: readonly RuleInfo[] = [
  rule(1010, { iif: 'lo', to: P }),
  rule(1011, { iif: 'lo', from: P }),
  rule(1012, { iif: 'lo', to: P, action: 'unreachable' }),
  rule(1012, { iif: 'lo', from: P, action: 'unreachable' }),
  rule(1021, { iif: 'eth1', table: 70000 }),
  rule(1031, { iif: 'wg7' }),
  rule(1031, { iif: 'wg8' }),
  rule(1098, { to: P, action: 'unreachable' }),
  rule(1099, { iif: 'wg7', action: 'prohibit' }),
  rule(1100, { action: 'nop' }),
  rule(1013, { iif: 'lo', action: 'goto', target: 1100 }),
  rule(1031, { family: 6, iif: 'wg7' }),
  rule(1098, { family: 6, to: prefix('fd00::/8'), action: 'blackhole' }),
];
const marked = (rules: readonly RuleInfo[]): RuleInfo[] => rules.filter(({ protocol }) => protocol === 87);
const fields = ['priority', 'not', 'src', 'srclen', 'dst', 'dstlen', 'iif', 'table', 'goto', 'nop', 'action'];
const shown = (): object[] =>
  ['-4', '-6'].flatMap((family) =>
    pick(
      ipJson(`${family} -d rule`).filter(({ protocol }) => protocol === '87'),
      ...fields,
    ),
  );

export const ruleScenarios: Readonly<Record<string, Scenario>> = {
  async rules(rtnl) {
    await Promise.all(ours.map((each) => rtnl.addRule(each)));
    const read = marked(await rtnl.rules());
    const byIp = shown();
    const errors = [
      rtnl.addRule(rule(1031, { iif: 'wg7' })),
      rtnl.addRule(rule(1200, { action: 'goto', target: 1000 })),
      rtnl.deleteRule(rule(1031, { iif: 'wg7', protocol: 88 })),
      rtnl.deleteRule(rule(1031, { iif: 'wg7', table: 3 })),
      rtnl.deleteRule(rule(1031)),
    ];
    const codes = await Promise.all(errors.map(code));
    const [last, ...rest] = [...ours].reverse();
    await Promise.all(rest.map((each) => rtnl.deleteRule(each)));
    return { ours, read, byIp, codes, last, left: marked(await rtnl.rules()) };
  },

  async foreignRules(rtnl) {
    ip('rule add prio 500 not fwmark 5/7 oif lo lookup 3 suppress_prefixlength 0');
    ip('rule add prio 501 uidrange 1-4 ipproto tcp tos 4 lookup 300');
    ip('rule add prio 502 l3mdev');
    ip('-6 rule add prio 503 from fd00::/8 iif wg9 prohibit');
    return (await rtnl.rules()).filter(({ priority }) => priority >= 500 && priority < 600);
  },

  /** Pins what rule-match.ts is for. */
  async wildcards(rtnl) {
    ip('rule add prio 600 iif wg7 lookup 2 protocol 87');
    ip('rule add prio 600 lookup 2 protocol 87');
    const before = shown();
    const guarded = await code(rtnl.deleteRule(rule(600)));
    const untouched = shown();
    ip('rule del prio 600 lookup 2 protocol 87');
    const byKernel = shown();
    await rtnl.deleteRule(rule(600));
    return { before, guarded, untouched, byKernel, left: shown() };
  },

  /** 300 calls of one tick: half of them refused, which sends every message back. */
  async manyAtOnce() {
    let datagrams = 0;
    const rtnl = createRtnetlink({ openSocket: watchedSocket({ sent: () => (datagrams += 1) }) });
    // of one priority, so that the kernel's order is that of arrival
    const calls = Array.from({ length: 300 }, (_, index) => rule(3000, { iif: `l${index % 150}` }));
    const codes = await Promise.all(calls.map((each) => code(rtnl.addRule(each))));
    rtnl.close();
    const order = ipJson('-d rule').flatMap(({ iif }) => (typeof iif === 'string' ? [iif] : []));
    return { datagrams, codes, order };
  },

  async twoSockets(first) {
    const second = createRtnetlink();
    const add = (rtnl: Rtnetlink, base: number): Promise<unknown>[] =>
      Array.from({ length: 500 }, (_, index) => rtnl.addRule(rule(base + index)));
    const work = [
      ...add(first, 3000),
      ...add(second, 5000),
      first.rules(),
      second.rules(),
      first.routes(),
      second.links(),
    ];
    await Promise.all(work);
    second.close();
    return { priorities: new Set(marked(await first.rules()).map(({ priority }) => priority)).size };
  },
};
