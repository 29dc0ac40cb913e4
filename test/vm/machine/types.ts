// A virtual machine as the tests see it.

/** How a command ended in the machine. */
export interface Outcome {
  /** exit code of the script; 124 where its time was over (timeout(1)) */
  code: number;
  stdout: string;
  stderr: string;
}

export interface Nic {
  /** the last byte of its address 52:54:00:00:00:xx; the kernel numbers eth0, eth1, ... in the order of the list */
  mac: number;
  /** NICs of one number are on one wire */
  wire: number;
}

export interface MachineOptions {
  /** for its logs */
  name: string;
  /** of `buildImage`: root.img, vmlinuz, initrd.img; never written to */
  image: string;
  nics: Nic[];
  /** a folder whose copy lies in /run/host/guest; `boot` in it runs before any interface is up, `runner` serves `run` */
  guest: string;
  /** megabytes; 1024 unless said */
  memory?: number;
}

export interface RunOptions {
  /** until the script is ended; 180 unless said */
  seconds?: number;
}

export interface Machine {
  name: string;
  /** a bash script, as root */
  run(script: string, options?: RunOptions): Promise<Outcome>;
  /** the same; its standard output without the last newline. Throws where it fails, with all that it printed. */
  sh(script: string, options?: RunOptions): Promise<string>;
  /** A file of this host, of any size, to a path in the machine. */
  copyIn(file: string, path: string): Promise<void>;
  /** A text to a path in the machine, mode 0644. */
  write(path: string, text: string): Promise<void>;
  /** `systemctl reboot`, and until the machine answers again; seconds that this took. */
  reboot(): Promise<number>;
  /** Journal, console and what lies in /run/keep of the machine, to a folder that stays; its name. */
  keepLogs(): Promise<string>;
  close(): Promise<void>;
}
