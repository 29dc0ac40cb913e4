// The kernel behaviour that the product depends on, as checks that the fake and the real kernel must both pass:
// host-suite.test.ts and test/netns/kernel-suite.test.ts run them.
import { addressChecks } from './suite/address-checks.ts';
import type { Check } from './suite/lab.ts';
import { linkChecks } from './suite/link-checks.ts';
import { lookUpChecks } from './suite/look-up-checks.ts';
import { namespaceChecks } from './suite/namespace-checks.ts';
import { routeChecks } from './suite/route-checks.ts';
import { ruleChecks } from './suite/rule-checks.ts';

export { suiteBoot, type SuiteLab } from './suite/lab.ts';

export const hostSuite: readonly Check[] = [
  ...linkChecks,
  ...addressChecks,
  ...routeChecks,
  ...ruleChecks,
  ...lookUpChecks,
  ...namespaceChecks,
];
