// `down`: the file from before us comes back, or none where there was none, and BIRD takes out what it put into the kernel.
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { checkConfigure, configure, type ConfigSource } from './configure.ts';
import { readHeader } from './header.ts';
import { OSPF_PROTOCOL } from './render-ospf.ts';
import { birdNote, CONF_MODE, keptPath, type BirdPayload } from './spec.ts';
import { clearRoutes } from './stale-routes.ts';

type GiveBack = Extract<BirdPayload, { do: 'give-back' }>;

/** BIRD takes no file without a protocol. This one does nothing, and its first line says that it may go. */
const NOTHING = '# Managed by wgospf : nothing is left to do\nprotocol device {\n}\n';

const POLL_MS = 100;
/** five seconds for OSPF to say goodbye and to withdraw its routes */
const POLLS = 50;

/** doc/reply_codes of BIRD: `0009-mesh4: disabled` */
const DISABLED = 9;
/** `1002-mesh4 OSPF master4 down ...` of `show protocols` */
const PROTOCOL = 1002;

/** Cut off anywhere, a second `down` goes on where this one ended: by our mark in the file, or by the note. */
export async function giveBack(payload: GiveBack, host: Host): Promise<void> {
  const { path, socket, place } = payload;
  if (payload.down && place !== undefined) await clearRoutes(host, place);
  const text = await host.files.read(path);
  const ours = text === undefined || readHeader(text) !== undefined;
  const kept = (await host.files.stat(keptPath(path))) !== undefined;
  if (ours && kept) await host.files.rename(keptPath(path), path);
  else if (ours) await host.files.write(path, NOTHING, { mode: CONF_MODE });
  if (!payload.down) await handOver(host, { path, socket });
  await host.notes.forget(birdNote(path));
  if (ours && !kept) await host.files.remove(path);
}

/** Has BIRD take the file that is now in place; one that reads another file, or is down by now, wants nothing from us. */
async function handOver(host: Host, source: ConfigSource): Promise<void> {
  try {
    await checkConfigure(host, source);
  } catch (error) {
    if (isHostError(error, 'ENOENT', 'ECONNREFUSED', 'BIRD_OTHER_FILE')) return;
    throw error;
  }
  await withdraw(host, source.socket);
  await configure(host, source);
}

/**
 * With `persist` a kernel protocol that is removed leaves its routes behind; OSPF that is disabled before it withdraws
 * them one by one. The `configure` that follows brings a protocol of that name up again, where the new file has one.
 */
async function withdraw(host: Host, socket: string): Promise<void> {
  const reply = await host.bird.command(socket, `disable ${OSPF_PROTOCOL}`);
  if (!reply.lines.some(({ code }) => code === DISABLED)) return;
  for (let poll = 0; poll < POLLS; poll++) {
    const shown = await host.bird.command(socket, `show protocols ${OSPF_PROTOCOL}`);
    const line = shown.lines.find(({ code, text }) => code === PROTOCOL && text.startsWith(`${OSPF_PROTOCOL} `));
    if (line === undefined || line.text.split(/\s+/)[3] === 'down') return;
    await host.sleep(POLL_MS);
  }
}
