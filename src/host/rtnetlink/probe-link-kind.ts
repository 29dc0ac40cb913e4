// Whether the kernel knows a kind of link, found out without making one.
import type { LinkKind } from '../types.ts';
import { encodeAddLink } from './link.ts';
import { errnoName, kernelError } from './kernel-error.ts';
import type { Transport } from './transport.ts';

/** dev_valid_name() refuses a slash, so no link can come of it. */
const IMPOSSIBLE_NAME = 'wgospf/probe';

/**
 * The kernel looks for the kind first, loading its module where it must, and answers EOPNOTSUPP where there is none
 * (rtnl_newlink); only then does it come to the name, EINVAL. Any other errno rejects.
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
