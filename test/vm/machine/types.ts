// A virtual machine as the tests see it.

/** The result of a command in the machine. */
export interface Outcome {
  /** exit code of the script; 124 if its time was over (timeout(1)) */
  code: number;
  stdout: string;
  stderr: string;
}

export interface Nic {
  /** the last byte of its address 52:54:00:00:00:xx; the kernel numbers eth0, eth1, ... in the order of the list */
  mac: number;
  /** NICs with the same number are on the same wire */
  wire: number;
}

export interface MachineOptions {
  /** for its logs */
  name: string;
  /** of `buildImage`: root.img, vmlinuz, initrd.img; never written to */
  image: string;
  nics: Nic[];
  /** a folder whose copy is /run/host/guest; `boot` in it runs before any interface is up, `runner` serves `run` */
  guest: string;
  /** megabytes; default 1024 */
  memory?: number;
}

export interface RunOptions {
  /** seconds until the script is ended; default 180 */
  seconds?: number;
}

export interface Machine {
  name: string;
  /** a bash script, as root */
  run(script: string, options?: RunOptions): Promise<Outcome>;
  /** the same; its standard output without the last newline. Throws if it fails, with its whole output. */
  sh(script: string, options?: RunOptions): Promise<string>;
  /** Copies a file of this host, of any size, to a path in the machine. */
  copyIn(file: string, path: string): Promise<void>;
  /** Writes a text to a path in the machine, mode 0644. */
  write(path: string, text: string): Promise<void>;
  /** Runs `systemctl reboot` and waits until the machine answers again; returns the seconds. */
  reboot(): Promise<number>;
  /** Copies the machine's journal, console and /run/keep to a permanent folder; returns its name. */
  keepLogs(): Promise<string>;
  close(): Promise<void>;
}
