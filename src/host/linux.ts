// The Host of this machine, made of all its parts.
import { setTimeout as sleep } from 'node:timers/promises';
import { batched } from './batch.ts';
import { createBird } from './bird/bird.ts';
import { createSecrets } from './bird/secrets.ts';
import { systemClock } from './clock.ts';
import { createFiles } from './files.ts';
import { createHandshakeAge } from './handshake-age.ts';
import { createKeys } from './keys.ts';
import { createLastingNotes, LASTING_NOTES } from './lasting-notes.ts';
import { createLinkSettings } from './link-settings.ts';
import { createNamespaces } from './netns/namespaces.ts';
import { createNftGeneration } from './nft-generation.ts';
import { createNft } from './nft.ts';
import { createNotes } from './notes.ts';
import { resolveName } from './resolve-name.ts';
import { createRtnetlink } from './rtnetlink/rtnetlink.ts';
import { createSilence } from './silence.ts';
import { createSysctl } from './sysctl.ts';
import { createWireguard } from './wg/wireguard.ts';
import type { Host, Rtnetlink } from './types.ts';

/** `addLink` of a WireGuard link returns after the link has its settings, too. */
function withLinkSettings(rtnl: Rtnetlink): Rtnetlink {
  const settle = createLinkSettings();
  return {
    ...rtnl,
    async addLink(link) {
      await rtnl.addLink(link);
      if (link.kind === 'wireguard') await settle(link.name);
    },
  };
}

export function createLinuxHost(): Host {
  const rtnl = batched(withLinkSettings(createRtnetlink()));
  const wg = createWireguard(rtnl);
  const generation = createNftGeneration();
  const files = batched(createFiles());
  const netns = createNamespaces(() => host);
  const host: Host = batched({
    rtnl,
    wg,
    keys: batched(createKeys()),
    sysctl: createSysctl(),
    nft: createNft(generation),
    files,
    bird: batched(createBird()),
    birdSecrets: createSecrets(files),
    notes: createLastingNotes(createNotes(), createNotes(LASTING_NOTES)),
    netns,
    resolveName: (name: string) => resolveName(name),
    now: systemClock.now,
    ticks: systemClock.ticks,
    handshakeAge: createHandshakeAge(systemClock),
    silence: createSilence(systemClock),
    sleep: (ms: number) => sleep(ms),
    close() {
      rtnl.close();
      wg.close();
      generation.close();
      netns.close();
    },
  });
  return host;
}
