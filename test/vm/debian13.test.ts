// The life of the package on Debian 13: kernel 6.12, systemd 257, BIRD 2.17.
import { firstStart } from './suite/first-start.ts';
import { lifeOfAPackage } from './suite/life.ts';
import { inNetns } from './suite/netns.ts';
import { crashed } from './suite/restarts.ts';

lifeOfAPackage('trixie', [crashed, firstStart, inNetns]);
