// systemd-networkd deletes rules and routes that it does not know, ours and BIRD's, whenever it starts or reconfigures a
// link, unless networkd.conf(5) says otherwise. Here is whether it would, and the drop-in that keeps it from it.
import type { Condition } from '../../engine/types.ts';
import { packageVersion } from '../../host/package-version.ts';
import { parseSystemdBoolean, readSystemdConf } from '../../host/systemd-conf.ts';
import { isUnitEnabled, isUnitRunning } from '../../host/systemd-unit.ts';
import type { Host } from '../../host/types.ts';

const UNIT = 'systemd-networkd';

/** Where the drop-in belongs. Only the operator puts it there. */
export const DROP_IN_PATH = '/etc/systemd/networkd.conf.d/wgospf.conf';

const DROP_IN_COMMAND = `wgospf check --networkd-dropin | install -D -m 644 /dev/stdin ${DROP_IN_PATH} && systemctl restart systemd-networkd`;

/** Major version of systemd; undefined where dpkg does not know it. */
export async function systemdVersion(host: Host): Promise<number | undefined> {
  const version = Number.parseInt((await packageVersion(host.files, 'systemd')) ?? '', 10);
  return Number.isNaN(version) ? undefined : version;
}

/** What to make of ManageForeignRoutes=no in a version of systemd. */
function routesAdvice(version: number | undefined): { readonly set: boolean; readonly why: readonly string[] } {
  const trouble = 'with it networkd 249 could fail to set its own routes, the gateway among them (systemd#20201).';
  if (version === undefined) {
    return { set: false, why: ['From systemd 250 on (systemctl --version) without the #;', trouble] };
  }
  if (version < 250) {
    const instead = 'wgospf and BIRD put back the routes that it deletes.';
    return { set: false, why: [`Better not with systemd ${version}:`, trouble, instead] };
  }
  if (version < 256) {
    return {
      set: true,
      why: [
        'Leave this line out where the gateway is the peer of an address (Peer= in a .network file): releases of',
        '250 to 255 before the end of 2023 could then fail to set it (systemd#30403).',
      ],
    };
  }
  return { set: true, why: [] };
}

/** The text of the drop-in for a version of systemd. */
export function networkdDropIn(version: number | undefined): string {
  const routes = routesAdvice(version);
  return [
    `# For ${DROP_IN_PATH}: systemd-networkd leaves rules and routes of others alone.`,
    '# It takes effect with: systemctl restart systemd-networkd',
    '[Network]',
    'ManageForeignRoutingPolicyRules=no',
    ...routes.why.map((line) => `# ${line}`),
    `${routes.set ? '' : '#'}ManageForeignRoutes=no`,
    '# ManageForeignNextHops= (systemd 256) is about objects that neither wgospf nor BIRD makes.',
    '',
  ].join('\n');
}

const cure = `to keep it from that: ${DROP_IN_COMMAND}`;

const deletesRules: Condition = {
  code: 'networkd-deletes-rules',
  severity: 'warning',
  subject: UNIT,
  message: `it deletes our rules, the guards among them, whenever it starts or reconfigures a link (ManageForeignRoutingPolicyRules= is yes); until they are put back traffic of the mesh may leak; ${cure}`,
};

const deletesRoutes = (advised: boolean): Condition => ({
  code: 'networkd-deletes-routes',
  severity: advised ? 'warning' : 'info',
  subject: UNIT,
  message: advised
    ? `it deletes our routes and BIRD's whenever it starts or reconfigures a link (ManageForeignRoutes= is yes); ${cure}`
    : `it deletes our routes and BIRD's whenever it starts or reconfigures a link; ManageForeignRoutes=no is not advised with this version of systemd (systemd#20201), so wgospf and BIRD put them back`,
});

/** Nothing where networkd neither runs nor will at the next boot. */
export async function networkdConditions(host: Host): Promise<Condition[]> {
  const { files } = host;
  const [runs, enabled] = await Promise.all([isUnitRunning(files, UNIT), isUnitEnabled(files, UNIT)]);
  if (!runs && !enabled) return [];
  const settings = await readSystemdConf(files, 'networkd.conf', 'Network');
  const isOff = (key: string): boolean => parseSystemdBoolean(settings.get(key) ?? '') === false;
  const conditions = isOff('ManageForeignRoutingPolicyRules') ? [] : [deletesRules];
  if (isOff('ManageForeignRoutes')) return conditions;
  return [...conditions, deletesRoutes(routesAdvice(await systemdVersion(host)).set)];
}
