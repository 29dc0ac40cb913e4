// The line of `systemctl status`.
import { expect, test } from 'vitest';
import { statusLine } from '../../src/daemon/status-line.ts';
import { formatClock } from '../../src/net/units.ts';
import { badState, daemonState, STARTED, status } from './daemon-samples.ts';

const well = '1/1 tunnels up, 1/1 adjacencies Full, 2 routes, in sync';

test('a healthy router gives counts and in sync', () => {
  expect(statusLine(daemonState(), status)).toBe(well);
  expect(statusLine(daemonState(), undefined)).toBe('the first pass is under way');
});

test('a bad file comes first, with its first error on the line', () => {
  expect(statusLine(daemonState({ badState: badState.slice(0, 1) }), status)).toBe(
    'state file is bad: /etc/wgospf/state.yaml:12:5: error[unknown-key]: there is no key "privatKey"; ' +
      `the last good state is in force; ${well}`,
  );
  expect(statusLine(daemonState({ badState, source: undefined }), status)).toContain(
    ' (and 1 more error); no state is in force; ',
  );
});

test('a hold is shown with its end', () => {
  expect(statusLine(daemonState({ holdUntil: 'until-resume' }), status)).toBe(`held until resumed; ${well}`);
  expect(statusLine(daemonState({ holdUntil: STARTED }), status)).toBe(`held until ${formatClock(STARTED)}; ${well}`);
});

test('a missing state file is shown', () => {
  const waiting = daemonState({ awaitedFile: '/etc/wgospf/state.yaml', source: undefined });
  expect(statusLine(waiting, undefined)).toBe(
    'waiting for /etc/wgospf/state.yaml: the router is not changed until the file exists',
  );
});
