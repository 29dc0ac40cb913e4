// Loads Node's HTTP at its first use, and loads less than an import: a module that imports `node:http` gets all of its
// exports, including WebSocket, which loads a second HTTP client (lib/http.js, lazyUndici).
import type * as Http from 'node:http';

export const http = (): typeof Http => process.getBuiltinModule('node:http');
