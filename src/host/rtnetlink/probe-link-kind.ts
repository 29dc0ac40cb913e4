// Finds out whether the kernel knows a kind of link, without making one.
import type { LinkKind } from '../types.ts';
import { encodeAddLink } from './link.ts';
import { errnoName, kernelError } from './kernel-error.ts';
import type { Transport } from './transport.ts';

/** dev_valid_name() refuses a slash, so the kernel never makes this link. */
const IMPOSSIBLE_NAME = 'wgospf/probe';

/**
 * The kernel looks for the kind first, loads its module if necessary, and answers EOPNOTSUPP if there is none
 * (rtnl_newlink); only then it checks the name, and answers EINVAL. Any other errno rejects.
 */
export async function probeLinkKind(transport: Transport, kind: LinkKind): Promise<boolean> {
  const operation = `find out whether the kernel has links of kind ${kind}`;
  const message = encodeAddLink({ name: IMPOSSIBLE_NAME, kind, mtu: undefined });
  const [answer] = await transport.exchange(operation, [{ message }]);
  const errno = answer?.errno ?? 0;
  const code = errnoName(errno);
  if (code === 'EOPNOTSUPP') return false;
  if (errno === 0 || code === 'EINVAL') return true;
  throw kernelError(operation, errno);
}
