// Patterns with which an editor refuses most bad values while typing. Each accepts every value that its check accepts; `wgospf check`
// finds what a pattern cannot (255, host bits).

/** `10.69.12.34`, `fd70:89::1` */
export const ADDRESS = '^(?=.*[.:])[0-9A-Fa-f:.]+$';
export const IPV4_ADDRESS = '^[0-9]{1,3}(?:\\.[0-9]{1,3}){3}$';
export const PREFIX = '^(?=.*[.:])[0-9A-Fa-f:.]+/[0-9]{1,3}$';
/** `HOST:PORT`, `[2001:db8::1]:PORT` */
export const ENDPOINT = '^(?:\\[[^\\]\\s]+\\]|[^\\s:/\\[\\]]+):[0-9]{1,5}$';
/** not a key, no leading ~, not a folder, no quote */
export const FILE = '^(?![A-Za-z0-9+/]{43}=$)(?!~)[^"\\u0000-\\u001f\\u007f]*[^"/\\u0000-\\u001f\\u007f]$';
export const ABSOLUTE_FILE = '^/[^"\\u0000-\\u001f\\u007f]*[^"/\\u0000-\\u001f\\u007f]$';
export const TABLE_NAME = '^(?!(?:main|default|local|unspec|all|cache)$)[A-Za-z][A-Za-z0-9_-]{0,30}$';
export const BIRD_NAME = '^[A-Za-z_][A-Za-z0-9_]{0,62}$';
export const INTERFACE_PATTERN = '^[A-Za-z0-9_.]{2}[A-Za-z0-9_.*?-]{0,13}$';
export const SNIPPETS = '^/(?:[A-Za-z0-9_.-]*/)*[A-Za-z0-9_.*?-]+$';
export const MOMENT = '^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?$';
export const AREA = '^[0-9]+(?:\\.[0-9]+){0,3}$';
export const WIREGUARD_KEY = '^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw480]=$';
