// The host without its writes, so that the compiler proves that a look changes nothing. A Host is a HostReader, and a snapshot
// (snapshot.ts) is a HostReader that asks the host each question once.
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
  /** only a snapshot: begins a new snapshot now */
  again?(): HostReader;
  /**
   * Only a snapshot: returns what `work` makes from a reader's answers and from `of`, and calls `work` only once. A kept snapshot
   * returns the earlier value while all answers that it used are valid. The name identifies the work.
   */
  readonly made?: <T>(name: string, of: object, work: (host: HostReader) => Promise<T>) => Promise<T>;
}
