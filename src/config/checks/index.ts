// The list of checks that need more than one value. Each reports all problems of the readable part of the file.
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';
import { addressChecks } from './addresses.ts';
import { allowedIPsChecks } from './allowed-ips.ts';
import { authenticationChecks } from './authentication.ts';
import { bfdChecks } from './bfd.ts';
import { instanceChecks } from './bird-instances.ts';
import { birdVersionChecks } from './bird-version.ts';
import { endpointChecks } from './endpoints.ts';
import { exportChecks } from './exports.ts';
import { familyCarriedChecks } from './family-carried.ts';
import { isolationChecks } from './isolation.ts';
import { keyChecks } from './keys.ts';
import { meshPrefixChecks } from './mesh-prefixes.ts';
import { mtuChecks } from './mtu.ts';
import { nameChecks, presenceChecks } from './names.ts';
import { neighborFamilyChecks } from './neighbor-families.ts';
import { neighborRouteChecks } from './neighbor-routes.ts';
import { areaChecks } from './ospf-areas.ts';
import { ospfChecks } from './ospf.ts';
import { peerAddressChecks } from './peer-address.ts';
import { portChecks } from './ports.ts';
import { routeChecks } from './routes.ts';
import { routerChecks } from './router.ts';
import { priorityChecks, tableChecks } from './table.ts';
import { threadedChecks } from './threaded.ts';
import { transitChecks } from './transit.ts';

/** Uses only the meaning of the file, and its content (`said`) where that differs. */
export type CrossCheck = (resolved: Resolved) => Problem[];

export const checks: readonly CrossCheck[] = [
  presenceChecks,
  routerChecks,
  tableChecks,
  priorityChecks,
  meshPrefixChecks,
  isolationChecks,
  transitChecks,
  nameChecks,
  addressChecks,
  peerAddressChecks,
  routeChecks,
  portChecks,
  keyChecks,
  endpointChecks,
  allowedIPsChecks,
  mtuChecks,
  ospfChecks,
  neighborFamilyChecks,
  neighborRouteChecks,
  authenticationChecks,
  bfdChecks,
  instanceChecks,
  areaChecks,
  exportChecks,
  familyCarriedChecks,
  birdVersionChecks,
  threadedChecks,
];
