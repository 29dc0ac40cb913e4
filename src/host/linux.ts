// The Host that is this machine: every part put together.
import { setTimeout as sleep } from 'node:timers/promises';
import { createBird } from './bird/bird.ts';
import { createSecrets } from './bird/secrets.ts';
import { systemClock } from './clock.ts';
import { createFiles } from './files.ts';
import { createHandshakeAge } from './handshake-age.ts';
import { createKeys } from './keys.ts';
import { createLastingNotes, LASTING_NOTES } from './lasting-notes.ts';
import { createNamespaces } from './netns/namespaces.ts';
import { createNftGeneration } from './nft-generation.ts';
import { createNft } from './nft.ts';
import { createNotes } from './notes.ts';
import { resolveName } from './resolve-name.ts';
import { createRtnetlink } from './rtnetlink/rtnetlink.ts';
import { createSilence } from './silence.ts';
import { createSysctl } from './sysctl.ts';
import { createWireguard } from './wg/wireguard.ts';
import type { Host } from './types.ts';

export function createLinuxHost(): Host {
  const rtnl = createRtnetlink();
  const wg = createWireguard(rtnl);
  const generation = createNftGeneration();
  const files = createFiles();
  const netns = createNamespaces(() => host);
  const host: Host = {
    rtnl,
    wg,
    keys: createKeys(),
    sysctl: createSysctl(),
    nft: createNft(generation),
    files,
    bird: createBird(),
    birdSecrets: createSecrets(files),
    notes: createLastingNotes(createNotes(), createNotes(LASTING_NOTES)),
    netns,
    resolveName: (name) => resolveName(name),
    now: systemClock.now,
    ticks: systemClock.ticks,
    handshakeAge: createHandshakeAge(systemClock),
    silence: createSilence(systemClock),
    sleep: (ms) => sleep(ms),
    close() {
      rtnl.close();
      wg.close();
      generation.close();
      netns.close();
    },
  };
  return host;
}
