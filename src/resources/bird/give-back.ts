// `down`: the file from before us comes back, or none where there was none, and BIRD takes out what it put into the kernel.
import { isHostError } from '../../host/error.ts';
import type { Host } from '../../host/types.ts';
import { checkConfigure, configure } from './configure.ts';
import { OSPF_PROTOCOL } from './render-ospf.ts';
import { birdNote, CONF_MODE, keptPath, type BirdPayload } from './spec.ts';
import { clearRoutes } from './stale-routes.ts';

type GiveBack = Extract<BirdPayload, { do: 'give-back' }>;

/** BIRD takes no file without a protocol; this one does nothing. */
const NOTHING = 'protocol device {\n}\n';

const POLL_MS = 100;
/** five seconds for OSPF to say goodbye and to withdraw its routes */
const POLLS = 50;

/** doc/reply_codes of BIRD: `0009-mesh4: disabled` */
const DISABLED = 9;
/** `1002-mesh4 OSPF master4 down ...` of `show protocols` */
const PROTOCOL = 1002;

export async function giveBack(payload: GiveBack, host: Host): Promise<void> {
  const { path, place } = payload;
  const kept = (await host.files.stat(keptPath(path))) !== undefined;
  try {
    if (kept) await host.files.rename(keptPath(path), path);
    else await host.files.write(path, NOTHING);
    const taken = await handOver(payload, host);
    if (taken === 'down' && place !== undefined) await clearRoutes(host, place);
  } catch (error) {
    await restore(payload, kept, host);
    throw error;
  }
  if (!kept) await host.files.remove(path);
  await host.notes.forget(birdNote(path));
}

/** Has BIRD take the file that is now in place. */
async function handOver({ path, socket }: GiveBack, host: Host): Promise<'taken' | 'other-file' | 'down'> {
  try {
    await checkConfigure(host, { path, socket });
  } catch (error) {
    if (isHostError(error, 'ENOENT', 'ECONNREFUSED')) return 'down';
    if (isHostError(error, 'BIRD_OTHER_FILE')) return 'other-file';
    throw error;
  }
  await withdraw(host, socket);
  try {
    await configure(host, { path, socket });
  } catch (error) {
    await host.bird.command(socket, `enable ${OSPF_PROTOCOL}`);
    throw error;
  }
  return 'taken';
}

/** Our own file goes back into place, so that a second `down` finds it. */
async function restore({ path, text }: GiveBack, kept: boolean, host: Host): Promise<void> {
  if (kept && (await host.files.stat(keptPath(path))) === undefined) await host.files.rename(path, keptPath(path));
  await host.files.write(path, text, { mode: CONF_MODE, owner: `root:${await host.bird.group()}` });
}

/**
 * With `persist` a kernel protocol that is removed leaves its routes behind; OSPF that is disabled before it withdraws
 * them one by one.
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
