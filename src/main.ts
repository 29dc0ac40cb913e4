#!/usr/bin/env node
// The `wgospf` executable. The cache comes first: it holds what is loaded after it.
import { useCompileCache } from './host/compile-cache.ts';

useCompileCache(import.meta.dirname);
const { main } = await import('./cli/main.ts');
await main(process);
