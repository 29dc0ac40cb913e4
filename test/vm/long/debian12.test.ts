// Tests that take too long for CI, on Debian 12: a downgrade, a folder that is replaced, VRF, networkd, and the way back.
import { lifeOfAPackage } from '../suite/life.ts';
import { beside } from '../suite/networkd.ts';
import { purged } from '../suite/purge.ts';
import { downgraded, folderReplaced } from '../suite/restarts.ts';
import { inVrf } from '../suite/vrf.ts';
import { vrfFacts } from '../suite/vrf-facts.ts';

lifeOfAPackage('bookworm', [vrfFacts, downgraded, folderReplaced, inVrf, beside, purged], 'bookworm-long');
