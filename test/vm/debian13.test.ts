// The life of the package on Debian 13: kernel 6.12, systemd 257, BIRD 2.17.
import { kernelWireguard } from './suite/kernel-wireguard.ts';
import { lifeOfAPackage } from './suite/life.ts';
import { beside } from './suite/networkd.ts';
import { purged } from './suite/purge.ts';
import { rebooted } from './suite/reboot.ts';
import { sizes } from './suite/sizes.ts';
import { udev } from './suite/udev.ts';

lifeOfAPackage('trixie', [kernelWireguard, sizes, udev, beside, rebooted, purged]);
