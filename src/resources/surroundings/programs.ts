// Programs that the model needs and the host lacks, or has broken.
import type { Condition } from '../../engine/types.ts';
import { findProgram } from '../../host/find-program.ts';
import type { HostReader } from '../../host/reader.ts';
import type { RouterModel } from '../../model/types.ts';

interface Need {
  readonly program: string;
  /** its purpose, and the cure */
  readonly message: string;
}

function needs({ mesh, tunnels, wireguard }: RouterModel): Need[] {
  const wg = 'tunnels are configured with it: apt install wireguard-tools';
  const go = 'this kernel has no WireGuard (or the state file asks for userspace): apt install wireguard-go';
  const nft = 'mesh.firewall or mesh.match of the state file needs nftables: apt install nftables';
  return [
    { program: 'bird', message: 'it speaks OSPF and checks bird.conf: apt install bird2' },
    ...(tunnels.length > 0 ? [{ program: 'wg', message: wg }] : []),
    ...(mesh.firewall === 'nftables' || mesh.match === 'mark' ? [{ program: 'nft', message: nft }] : []),
    ...(tunnels.length > 0 && wireguard.backend === 'userspace' ? [{ program: 'wireguard-go', message: go }] : []),
  ];
}

/** BIRD's version was asked when the file was read; the daemon asks again until it gets an answer. */
function brokenBird({ bird }: HostReader): Condition[] {
  const fault = bird.fault?.();
  if (fault === undefined) return [];
  const cure = 'apt install --reinstall bird2';
  const message = `${fault}; wgospf writes bird.conf for BIRD 2, and cannot check it${fault.includes(cure) ? '' : `: ${cure}`}`;
  return [{ code: 'program-broken', severity: 'error', subject: 'bird', message }];
}

export async function programConditions(host: HostReader, model: RouterModel): Promise<Condition[]> {
  const wanted = needs(model);
  const there = await Promise.all(wanted.map(({ program }) => findProgram(host.files, program)));
  const missing = wanted
    .filter((_, i) => there[i] === undefined)
    .map(({ program, message }): Condition => ({
      code: 'program-missing',
      severity: 'error',
      subject: program,
      message,
    }));
  return [...missing, ...brokenBird(host)];
}
