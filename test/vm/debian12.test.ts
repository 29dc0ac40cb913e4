// The life of the package on Debian 12: kernel 6.1, systemd 252, BIRD 2.0.12.
import { kernelWireguard } from './suite/kernel-wireguard.ts';
import { lifeOfAPackage } from './suite/life.ts';
import { purged } from './suite/purge.ts';
import { rebooted } from './suite/reboot.ts';
import { renewed } from './suite/restarts.ts';
import { udev } from './suite/udev.ts';

lifeOfAPackage('bookworm', [kernelWireguard, udev, renewed, rebooted, purged]);
