// Checks the router id, given by node and instance or directly.
import { routerIdOctets, routerIdOf } from '../../net/router-id.ts';
import type { Problem } from '../problem.ts';
import type { Resolved } from '../resolve/types.ts';
import type { Said } from '../said.ts';

type Router = NonNullable<Said['router']>;

function tooFar(node: number, instance: number): Problem {
  const [third, last] = routerIdOctets(node, instance);
  const most = Math.floor((254 - (node % 100)) / 100) + 1;
  const octet = third >= 255 ? third : last;
  return {
    code: 'router-id-octet',
    path: ['router', third < 255 && instance > 1 ? 'instance' : 'node'],
    message: `node ${node}, instance ${instance} would be router id 10.69.${third}.${last}, but no octet may reach 255 (${octet})`,
    hint:
      third >= 255
        ? 'id: with an id that the mesh gave this router'
        : `instance: ${most > 1 ? `1 or ${most}` : '1'}, or id: with an id that the mesh gave this router`,
  };
}

function differs(router: Router, computed: string): Problem {
  return {
    code: 'router-id-differs',
    path: ['router', 'id'],
    message: `id is ${router.id ?? ''}, but node ${router.node ?? ''} and instance ${router.instance ?? 1} give ${computed}`,
    hint: `id: ${computed}, or id alone without node and instance`,
  };
}

export function routerChecks({ said: { router } }: Resolved): Problem[] {
  if (router === undefined) return [];
  const { node, instance, id } = router;
  if (id === '0.0.0.0' || id === '255.255.255.255') {
    return [
      {
        code: 'router-id-reserved',
        path: ['router', 'id'],
        message: `${id} cannot be a router id`,
        hint: '10.69.12.34',
      },
    ];
  }
  if (node === undefined) {
    // a faulty node or id has its own message
    if (id !== undefined ? instance === undefined : Object.hasOwn(router, 'node') || Object.hasOwn(router, 'id'))
      return [];
    const message = id === undefined ? 'the router has neither node nor id' : 'instance has no meaning without node';
    return [
      { code: 'router-id-missing', path: ['router'], part: 'key', message, hint: 'router: {node: 1234, instance: 1}' },
    ];
  }
  if (instance === undefined && Object.hasOwn(router, 'instance')) return [];
  const computed = routerIdOf(node, instance ?? 1);
  if (computed === undefined) return [tooFar(node, instance ?? 1)];
  return id !== undefined && id !== computed ? [differs(router, computed)] : [];
}
