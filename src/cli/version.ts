// The product's version.
export { version } from '../host/version.ts';
