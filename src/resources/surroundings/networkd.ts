// systemd-networkd deletes rules and routes that it does not know, ours and BIRD's, whenever it starts or reconfigures a link,
// unless networkd.conf(5) forbids it. The package installs drop-ins that do. This file tells whether they are in force, and has a
// drop-in for a host without the package.
import type { Condition } from '../../engine/types.ts';
import { packageVersion } from '../../host/package-version.ts';
import { parseSystemdBoolean, readSystemdConf } from '../../host/systemd-conf.ts';
import { invocationOf, isUnitEnabled, isUnitRunning } from '../../host/systemd-unit.ts';
import type { HostReader } from '../../host/reader.ts';

const UNIT = 'systemd-networkd';

/** The invocation of the networkd that ran when the package installed its drop-ins; the package's preinst writes it. */
const UNREAD_MARK = '/run/wgospf-networkd-unread';

/** The path of an operator's drop-in; the package has its own two below /usr/lib (packaging/deb/files). */
export const DROP_IN_PATH = '/etc/systemd/networkd.conf.d/wgospf.conf';

const DROP_IN_COMMAND = `wgospf check --networkd-dropin | install -D -m 644 /dev/stdin ${DROP_IN_PATH} && systemctl restart systemd-networkd`;

/** Major version of systemd; undefined if dpkg does not know it. */
export async function systemdVersion(host: HostReader): Promise<number | undefined> {
  const version = Number.parseInt((await packageVersion(host.files, 'systemd')) ?? '', 10);
  return Number.isNaN(version) ? undefined : version;
}

/** Advice about ManageForeignRoutes=no for a version of systemd. */
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

/** What networkd deletes, by its setting in networkd.conf(5). */
const DELETES = {
  rules: {
    code: 'networkd-deletes-rules',
    setting: 'ManageForeignRoutingPolicyRules',
    what: 'our rules, the guards among them,',
    harm: '; until they are put back traffic of the mesh may leak',
  },
  routes: {
    code: 'networkd-deletes-routes',
    setting: 'ManageForeignRoutes',
    what: "our routes and BIRD's",
    harm: '',
  },
} as const;
type Deleted = keyof typeof DELETES;

const warning = (of: Deleted, message: string, severity: Condition['severity'] = 'warning'): Condition => ({
  ...{ code: DELETES[of].code, severity, subject: UNIT, message },
});

/** The files allow it. */
function letsIt(of: Deleted, advised: boolean): Condition {
  const { setting, what, harm } = DELETES[of];
  const when = `it deletes ${what} whenever it starts or reconfigures a link`;
  if (advised) return warning(of, `${when} (${setting}= is yes)${harm}; ${cure}`);
  const instead = `${setting}=no is not advised with this version of systemd (systemd#20201), so wgospf and BIRD put them back`;
  return warning(of, `${when}; ${instead}`, 'info');
}

/** The files forbid it, but the running networkd has not read them: from its next start on it deletes nothing. */
function notRead(of: Deleted): Condition {
  const { setting, what, harm } = DELETES[of];
  const which = `${setting}=no came after the one that runs was started, which has not read it`;
  return warning(of, `it deletes ${what} whenever it reconfigures a link: ${which}${harm}; systemctl restart ${UNIT}`);
}

/**
 * Whether the running networkd started before its files changed. It reads them when it starts. The files of a package have the time
 * of their build: for ours the preinst notes which networkd ran when they came.
 */
async function isOutdated({ files }: HostReader, paths: readonly string[]): Promise<boolean> {
  const run = await invocationOf(files, UNIT);
  if (run === undefined) return false;
  const [unread, ...stats] = await Promise.all([files.read(UNREAD_MARK), ...paths.map((path) => files.stat(path))]);
  return unread?.trim() === run.id || stats.some((stat) => stat !== undefined && stat.mtime > run.since);
}

/** No condition if networkd neither runs nor will run at the next boot. */
export async function networkdConditions(host: HostReader): Promise<Condition[]> {
  const { files } = host;
  const [runs, enabled] = await Promise.all([isUnitRunning(files, UNIT), isUnitEnabled(files, UNIT)]);
  if (!runs && !enabled) return [];
  const { values, paths } = await readSystemdConf(files, 'networkd.conf', 'Network');
  const isOff = (of: Deleted): boolean => parseSystemdBoolean(values.get(DELETES[of].setting) ?? '') === false;
  const outdated = runs && (await isOutdated(host, paths));
  const [rules, routes] = [isOff('rules'), isOff('routes')];
  return [
    ...(rules ? (outdated ? [notRead('rules')] : []) : [letsIt('rules', true)]),
    ...(routes
      ? outdated
        ? [notRead('routes')]
        : []
      : [letsIt('routes', routesAdvice(await systemdVersion(host)).set)]),
  ];
}
