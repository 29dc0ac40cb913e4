// The host as who observes it sees it: what reads and nothing that writes, so that the compiler proves that a look changes
// nothing. A Host is one, and a snapshot (snapshot.ts) is one that asks the host each question once.
import type { Bird, BirdSecrets, Files, Host, Keys, NetworkNamespaces, Nft, Notes } from './types.ts';
import type { Rtnetlink, Sysctl, Wireguard } from './types.ts';

export interface HostReader extends Pick<Host, 'resolveName' | 'nameFails' | 'ticks' | 'handshakeAge' | 'silence'> {
  readonly rtnl: Pick<Rtnetlink, 'links' | 'addresses' | 'routes' | 'rules' | 'lookUp'>;
  readonly wg: Pick<Wireguard, 'devices' | 'userspaceDevices'>;
  readonly keys: Pick<Keys, 'publicKeyOf' | 'digestOf'>;
  readonly sysctl: Pick<Sysctl, 'read'>;
  readonly nft: Pick<Nft, 'list'>;
  readonly files: Pick<Files, 'read' | 'stat' | 'link' | 'list'>;
  readonly bird: Pick<Bird, 'ask' | 'checkText' | 'fault'>;
  readonly birdSecrets: Pick<BirdSecrets, 'state'>;
  readonly notes: Pick<Notes, 'all'>;
  readonly netns: Pick<NetworkNamespaces, 'list'> & { enter(name: string): Promise<HostReader | undefined> };
  /** of a snapshot: another one, taken now */
  again?(): HostReader;
  /**
   * Of a snapshot: what `work` makes of a reader's answers, and of `of`, once; of a kept snapshot also what was made before, as
   * long as all those answers are good. The name says what it is.
   */
  readonly made?: <T>(name: string, of: object, work: (host: HostReader) => Promise<T>) => Promise<T>;
}
