// The package systemd-notify 1.0.0 has no types.
declare module 'systemd-notify' {
  interface Notification {
    readonly ready?: true;
    readonly status?: string;
    readonly pid?: number;
  }
  /** Runs systemd-notify(1) with our environment; rejects with its output, or with the error of spawn. */
  export default function notify(notification: Notification): Promise<unknown>;
}
