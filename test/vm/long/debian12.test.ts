// What CI has no time for, on Debian 12: VRF, networkd, and the way back.
import { lifeOfAPackage } from '../suite/life.ts';
import { beside } from '../suite/networkd.ts';
import { purged } from '../suite/purge.ts';
import { inVrf } from '../suite/vrf.ts';
import { vrfFacts } from '../suite/vrf-facts.ts';

lifeOfAPackage('bookworm', [vrfFacts, inVrf, beside, purged], 'bookworm-long');
