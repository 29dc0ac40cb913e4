// WireGuard devices: keys, port and the one peer of each tunnel.
import type { Resource } from '../../engine/types.ts';
import { applyWireguard } from './apply.ts';
import { desiredWireguard } from './desired.ts';
import { observeWireguard } from './observe.ts';
import { planWireguard, type WireguardPayload } from './plan.ts';
import { wireguardFields, wireguardKey, type WireguardField, type WireguardSpec } from './spec.ts';

export const wireguard: Resource<WireguardSpec, WireguardPayload, WireguardField> = {
  kind: 'wireguard',
  lives: 'moves',
  key: wireguardKey,
  fields: wireguardFields,
  words: { privateKey: 'private key', presharedKey: 'preshared key', setEndpoint: '' },
  desired: desiredWireguard,
  observe: observeWireguard,
  plan: planWireguard,
  apply: applyWireguard,
  // linux/wireguard.h defines no multicast group: a changed peer, key or port is not announced
  polled: true,
  adoptable: true,
};
