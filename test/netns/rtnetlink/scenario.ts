// What a scenario is: it starts in an empty network namespace and returns what the test compares, as JSON holds it.
import type { Rtnetlink } from '../../../src/host/types.ts';

export type Scenario = (rtnl: Rtnetlink) => Promise<object>;
