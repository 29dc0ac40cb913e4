// NYC Mesh's numbering: node 1234 is 10.69.12.34, its second router .134, its third .234.

/** The octets that node and instance give, whether or not they fit an address. */
export function routerIdOctets(node: number, instance: number): readonly [number, number] {
  return [Math.floor(node / 100), (node % 100) + 100 * (instance - 1)];
}

/** `10.69.A.B`; undefined where an octet would be 255 or more. */
export function routerIdOf(node: number, instance: number): string | undefined {
  const [third, last] = routerIdOctets(node, instance);
  return third < 255 && last < 255 ? `10.69.${third}.${last}` : undefined;
}
