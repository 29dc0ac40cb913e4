// The command line of a machine: software emulation, a disk that is never written to, no connection to a real network.
import type { MachineOptions } from './types.ts';

export interface Places {
  /** Unix socket of the channel */
  socket: string;
  /** the folder that the machine shares with this host */
  share: string;
  /** file for the output of the kernel and systemd */
  console: string;
}

const byte = (value: number): string => value.toString(16).padStart(2, '0');

export function qemuArguments({ image, nics, memory = 1024 }: MachineOptions, at: Places): string[] {
  const kernel =
    'console=ttyS0 root=/dev/vda rw panic=-1 net.ifnames=0 mitigations=off systemd.log_color=0 systemd.show_status=1';
  return [
    // one processor: under emulation, keeping two in step costs more than the second gives, and two machines run at a time
    // a processor without AVX: its wide registers are saved at each task switch, which is slow under emulation (a sixth of a boot)
    ...['-accel', 'tcg,thread=multi', '-cpu', 'Nehalem', '-smp', '1', '-m', String(memory)],
    ...['-nodefaults', '-nographic', '-serial', `file:${at.console}`],
    ...['-kernel', `${image}/vmlinuz`, '-initrd', `${image}/initrd.img`, '-append', kernel],
    // `snapshot`: the machine's writes go to a file without a name, which lives as long as QEMU, reboots included
    ...['-drive', `file=${image}/root.img,format=raw,if=virtio,snapshot=on,cache=unsafe`],
    ...['-device', 'virtio-serial-pci', '-chardev', `socket,id=runner,path=${at.socket}`],
    ...['-device', 'virtserialport,chardev=runner,name=wgospf.test'],
    ...['-virtfs', `local,path=${at.share},mount_tag=host,security_model=none,multidevs=remap`],
    ...['-device', 'virtio-rng-pci'],
    ...nics.flatMap(({ mac, wire }, index) => [
      ...['-netdev', `hubport,id=nic${index},hubid=${wire}`],
      ...['-device', `virtio-net-pci,netdev=nic${index},mac=52:54:00:00:00:${byte(mac)},romfile=`],
    ]),
  ];
}
