// The list of the kinds. Within a stage, operations run in this order of kinds.
import type { AnyResource } from '../engine/types.ts';
import { address } from './address/index.ts';
import { bird } from './bird/index.ts';
import { birdService } from './bird-service/index.ts';
import { guardFile } from './guard-file/index.ts';
import { kernelRoute } from './kernel-route/index.ts';
import { keyFile } from './key-file/index.ts';
import { link } from './link/index.ts';
import { master } from './master/index.ts';
import { nftables } from './nftables/index.ts';
import { nameFile } from './name-file/index.ts';
import { netns } from './netns/index.ts';
import { route } from './route/index.ts';
import { rule } from './rule/index.ts';
import { surroundings } from './surroundings/index.ts';
import { sysctl } from './sysctl/index.ts';
import { wireguard } from './wireguard/index.ts';

export const resources: readonly AnyResource[] = [
  nameFile,
  keyFile,
  guardFile([route, rule]),
  route,
  rule,
  netns,
  nftables,
  link,
  master,
  wireguard,
  address,
  sysctl,
  kernelRoute,
  bird,
  birdService,
  surroundings,
];
