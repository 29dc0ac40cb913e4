// `ospf.authentication`: the state file names the files of the passwords.
import * as z from 'zod';
import type { OspfAlgorithm } from '../../model/types.ts';
import type { Fault } from '../problem.ts';
import { moment } from './bird-words.ts';
import { field, integer, text, usual, word } from './field.ts';
import { keyFile } from './file-words.ts';

const ALGORITHMS: readonly [OspfAlgorithm, ...OspfAlgorithm[]] = [
  'hmac-sha256',
  'hmac-sha384',
  'hmac-sha512',
  'hmac-sha1',
  'md5',
];

/** The cure for `sha256` and for BIRD's own `hmac sha256`. */
function wrongAlgorithm(value: unknown): Fault | undefined {
  const bits = typeof value === 'string' ? /^(?:hmac[ _-])?sha-?(1|256|384|512)$/i.exec(value)?.[1] : undefined;
  if (bits === undefined) return undefined;
  return {
    code: 'wrong-word',
    message: `\`${String(value)}\` is written hmac-sha${bits} here`,
    hint: `algorithm: hmac-sha${bits}`,
  };
}

const passwordFile = text(keyFile, {
  description: 'File with the password, the same at both ends; relative to the folder of this file.',
  example: 'keys/wg222.ospf',
  expects: 'the name of a file',
  secret: true,
});

const id = integer(0, 255, {
  description: 'Number of the key, the same at both ends. Default of a single one: 1.',
  example: 1,
});

const algorithm = word(ALGORITHMS, {
  description: 'How packets are signed, the same at both ends. Default: hmac-sha256.',
  example: 'hmac-sha256',
  explain: wrongAlgorithm,
});

const time = (description: string): z.ZodOptional<z.ZodType<string, string>> =>
  text(moment, {
    description: `${description} Date and time of day in the router's time zone.`,
    example: '2026-12-24 18:30:00',
    expects: 'a date and time of day',
  }).optional();

const key = field(
  z.strictObject({
    id,
    algorithm: algorithm.optional(),
    passwordFile,
    generateFrom: time('Packets are signed with this key from then on.'),
    generateTo: time('And until then.'),
    acceptFrom: time('Packets signed with this key are taken from then on.'),
    acceptTo: time('And until then.'),
  }),
  {
    description: 'One key.',
    example: { id: 1, passwordFile: 'keys/wg222.ospf' },
    expects: 'a map with id and passwordFile',
  },
);

export const authentication = field(
  z.strictObject({
    type: usual(
      word(['cryptographic', 'simple'], {
        description: 'simple sends the password in clear text with each packet (OSPFv2 only).',
        example: 'cryptographic',
      }),
      'cryptographic',
    ),
    passwordFile: passwordFile.optional(),
    id: id.optional(),
    algorithm: algorithm.optional(),
    keys: field(z.array(key).min(1), {
      description: 'Several keys instead of passwordFile, to change from one to the next without a break.',
      example: [{ id: 1, passwordFile: 'keys/wg222.ospf' }],
      expects: 'a list of keys',
    }).optional(),
  }),
  {
    description: 'Both ends prove that they know a password. Absent: none.',
    example: { passwordFile: 'keys/wg222.ospf' },
    expects: 'a map with passwordFile, or with keys',
    explain: (value) =>
      typeof value === 'string'
        ? {
            code: 'wrong-type',
            message: '`authentication` is a map that names the file with the password',
            hint: 'authentication: {passwordFile: keys/wg222.ospf}',
          }
        : undefined,
  },
);
