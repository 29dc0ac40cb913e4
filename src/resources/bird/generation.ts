// The generation of a bird.conf: a hash of its body, so that a file edited by hand is seen and the running BIRD can be
// asked which file it runs. 64-bit FNV-1a: it tells accidents apart and guards against nobody.

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/** 16 hex digits over the UTF-8 bytes of the text. */
export function generationOf(body: string): string {
  let hash = OFFSET;
  for (const byte of new TextEncoder().encode(body)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  }
  return hash.toString(16).padStart(16, '0');
}
