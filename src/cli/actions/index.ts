// The actions of the commands, in one piece, because nearly all need nearly the same. `metrics` is a separate piece: Prometheus'
// client is large.
export { apply } from './apply.ts';
export { bird } from './bird.ts';
export { check } from './check.ts';
export { completion } from './completion.ts';
export { down } from './down.ts';
export { exec } from './exec.ts';
export { genkey } from './genkey.ts';
export { hold } from './hold.ts';
export { inside } from './inside.ts';
export { leakCheck } from './leak-check.ts';
export { plan } from './plan.ts';
export { pubkey } from './pubkey.ts';
export { reload } from './reload.ts';
export { resume } from './resume.ts';
export { run } from './run.ts';
export { schema } from './schema.ts';
export { show } from './show.ts';
export { status } from './status.ts';
export { version } from './version.ts';
export { watch } from './watch.ts';
