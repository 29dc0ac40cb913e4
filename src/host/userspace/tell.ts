// Configures the device of a wireguard-go process over its own socket, without starting a program.
import type { Socket } from 'node:net';
import { HostError } from '../error.ts';
import { kernelError } from '../rtnetlink/kernel-error.ts';
import type { DevicePatch } from '../wg/device-patch.ts';
import { renderUapi } from '../wg/render-uapi.ts';
import { answerOf, silent } from './ask.ts';

/** The deadline of every program; wireguard-go resolves no name, but may have to bind a port. */
const ANSWER_MS = 10_000;

/** @param session a connection to its socket, which this closes */
export async function tell(operation: string, dev: string, session: Socket, patch: DevicePatch): Promise<void> {
  const text = renderUapi(patch);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(silent(operation, dev, ANSWER_MS)), ANSWER_MS);
  try {
    const answer = await Promise.race([answerOf(session, text), late.promise]);
    if (answer === undefined) {
      throw new HostError({ operation, code: 'ENODEV', detail: `the wireguard-go of ${dev} has ended` });
    }
    const errno = /^errno=(-?\d+)$/m.exec(answer)?.[1];
    if (errno === undefined) {
      throw new HostError({ operation, code: 'EBADMSG', detail: 'its answer is not of the form errno=NUMBER' });
    }
    // wireguard-go returns the kernel's errno negated (ipc/uapi_linux.go)
    if (Number(errno) !== 0) throw kernelError(operation, Math.abs(Number(errno)));
  } finally {
    clearTimeout(timer);
    text.fill(0);
    session.destroy();
  }
}
