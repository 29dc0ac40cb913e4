// Tests that take too long for CI, on Debian 13: an agent that is killed or hangs, a BIRD without a bird.conf, the namespace,
// VRF's facts, a purge that is refused, and the way back.
import { lifeOfAPackage } from '../suite/life.ts';
import { firstStart } from '../suite/first-start.ts';
import { inNetns } from '../suite/netns.ts';
import { purged, purgeRefused } from '../suite/purge.ts';
import { crashed } from '../suite/restarts.ts';
import { sizes } from '../suite/sizes.ts';
import { vrfFacts } from '../suite/vrf-facts.ts';

lifeOfAPackage('trixie', [sizes, vrfFacts, crashed, firstStart, inNetns, purgeRefused, purged], 'trixie-long');
