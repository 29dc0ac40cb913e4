// What CI has no time for, on Debian 13: an agent that is killed or hangs, the namespace, VRF's facts, and the way back.
import { lifeOfAPackage } from '../suite/life.ts';
import { inNetns } from '../suite/netns.ts';
import { purged } from '../suite/purge.ts';
import { crashed } from '../suite/restarts.ts';
import { sizes } from '../suite/sizes.ts';
import { vrfFacts } from '../suite/vrf-facts.ts';

lifeOfAPackage('trixie', [sizes, vrfFacts, crashed, inNetns, purged], 'trixie-long');
