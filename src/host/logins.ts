// Connections to services of this host, for example an operator's SSH session.
import { parseTcp, type TcpEnd } from './tcp-connections.ts';
import type { HostReader } from './reader.ts';

export interface Login {
  readonly local: TcpEnd;
  readonly remote: TcpEnd;
  /** to a port of sshd: a person may be logged in */
  readonly ssh: boolean;
}

const SSHD_CONFIG = '/etc/ssh/sshd_config';
const SSH_PORT = 22;

const sshPorts = (config: string): number[] => [
  SSH_PORT,
  ...[...config.matchAll(/^\s*Port\s+(\d+)/gim)].map(([, port]) => Number(port)),
];

const isLoopback = ({ address }: TcpEnd): boolean => address === '::1' || address.startsWith('127.');

/** Established connections to listening ports, without those of this host to itself. */
export async function readLogins({ files }: Pick<HostReader, 'files'>): Promise<Login[]> {
  const [tcp, tcp6, config] = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6', SSHD_CONFIG].map((path) => files.read(path)),
  );
  const sockets = [tcp, tcp6].flatMap((text) => parseTcp(text ?? ''));
  const served = new Set(sockets.filter(({ state }) => state === 'listen').map(({ local }) => local.port));
  const ssh = sshPorts(config ?? '');
  return sockets
    .filter(({ state, local, remote }) => state === 'established' && served.has(local.port) && !isLoopback(remote))
    .map(({ local, remote }) => ({ local, remote, ssh: ssh.includes(local.port) }));
}
