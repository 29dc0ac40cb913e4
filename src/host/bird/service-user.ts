// The user that BIRD will run as when it is started: the one in /etc/bird/envvars of Debian's packages, `bird` by default.
import { readFile } from 'node:fs/promises';
import { lookupOwner, type Owner } from '../accounts.ts';
import { isHostError } from '../error.ts';

const ENVVARS = '/etc/bird/envvars';

/** undefined if this host has no such user */
export async function serviceUser(envvars: string = ENVVARS): Promise<Owner | undefined> {
  const text = await readFile(envvars, 'utf8').catch(() => '');
  const said = (name: string): string =>
    new RegExp(String.raw`^\s*${name}=["']?([\w.-]+)["']?\s*$`, 'm').exec(text)?.[1] ?? 'bird';
  try {
    return await lookupOwner(`${said('BIRD_RUN_USER')}:${said('BIRD_RUN_GROUP')}`, 'look up whom BIRD runs as');
  } catch (error) {
    if (isHostError(error, 'EINVAL')) return undefined;
    throw error;
  }
}
