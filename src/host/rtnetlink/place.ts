// The network namespace that a link moves to, as rtnetlink takes it: by a descriptor, or by a process that is in it.
import { closeSync, openSync } from 'node:fs';
import { hasErrno, hostError } from '../errno.ts';
import { HostError } from '../error.ts';
import { type Attribute, u32Attribute } from './attributes.ts';
import * as nl from './constants.ts';

/** Where ip-netns(8) keeps the named namespaces, each a bind mount of its nsfs file. */
export const NAMESPACES = '/run/netns';

export interface Place {
  readonly attribute: Attribute;
  /** when the kernel has answered: it looks the descriptor up as it takes the message */
  close(): void;
}

/**
 * Opening the file wants no capability, and the move no more than CAP_NET_ADMIN in both namespaces (rtnl_link_get_net_capable).
 * @param netns a name, or '' for the namespace of `outsidePid`, a process of the same pid namespace
 */
export function openPlace(operation: string, netns: string, outsidePid: number | undefined): Place {
  if (netns === '') {
    if (outsidePid !== undefined)
      return { attribute: u32Attribute(nl.IFLA_NET_NS_PID, outsidePid), close: () => undefined };
    throw new HostError({ operation, code: 'EINVAL', detail: 'it is in no named namespace that it could leave' });
  }
  try {
    const fd = openSync(`${NAMESPACES}/${netns}`, 'r');
    return { attribute: u32Attribute(nl.IFLA_NET_NS_FD, fd), close: () => closeSync(fd) };
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw hostError(operation, error);
    throw new HostError({
      operation,
      code: 'ENOENT',
      detail: `there is no network namespace ${netns} (ip netns list)`,
    });
  }
}
