// The package systemd-notify 1.0.0 brings no types of its own.
declare module 'systemd-notify' {
  interface Notification {
    readonly ready?: true;
    readonly status?: string;
    readonly pid?: number;
  }
  /** Runs systemd-notify(1) with our environment; rejects with what it printed, or with the error of spawn. */
  export default function notify(notification: Notification): Promise<unknown>;
}
