// Node's HTTP, loaded when it is first used, and without what an import of it loads besides: a module that imports `node:http` is
// given all of its exports, WebSocket among them, and with that one a second HTTP client (lib/http.js, lazyUndici).
import type * as Http from 'node:http';

export const http = (): typeof Http => process.getBuiltinModule('node:http');
