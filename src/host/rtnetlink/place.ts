// The network namespace that a link moves to, in the forms that rtnetlink accepts: a descriptor, or a process in the namespace.
import { closeSync, openSync } from 'node:fs';
import { hasErrno, hostError } from '../errno.ts';
import { HostError } from '../error.ts';
import { type Attribute, u32Attribute } from './attributes.ts';
import * as nl from './constants.ts';

/** The folder of ip-netns(8): each named namespace is a bind mount of its nsfs file. */
export const NAMESPACES = '/run/netns';

export interface Place {
  readonly attribute: Attribute;
  /** call it after the kernel has answered: the kernel looks the descriptor up when it processes the message */
  close(): void;
}

/**
 * Opening the file needs no capability, and the move only CAP_NET_ADMIN in both namespaces (rtnl_link_get_net_capable).
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
