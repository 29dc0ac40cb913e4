// An address on a link. The kernel's key is link, address and length (IPv4) or link and address (IPv6).
import { formatPrefix, type Prefix } from '../../net/ip.ts';

export interface AddressSpec {
  readonly dev: string;
  readonly prefix: Prefix;
}

export const addressKey = ({ dev, prefix }: AddressSpec): string =>
  `${dev} ${prefix.family === 4 ? formatPrefix(prefix) : prefix.address}`;

export const addressFields = ({ prefix }: AddressSpec): Record<'length', string> => ({ length: String(prefix.length) });
