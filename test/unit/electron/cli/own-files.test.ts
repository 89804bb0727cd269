import { expect, it } from 'vitest';
import { ownKnownHostsFile } from '../../../../electron/cli/own-files.ts';

it("lies in the app's own folder", () => {
  expect(ownKnownHostsFile({}, 'linux', '/home/anna')).toBe('/home/anna/.config/nsatlas/known_hosts');
  expect(ownKnownHostsFile({ XDG_CONFIG_HOME: '/c' }, 'linux', '/home/anna')).toBe('/c/nsatlas/known_hosts');
  expect(ownKnownHostsFile({ XDG_CONFIG_HOME: '' }, 'linux', '/home/anna')).toBe(
    '/home/anna/.config/nsatlas/known_hosts',
  );
  expect(ownKnownHostsFile({}, 'darwin', '/Users/anna')).toBe(
    '/Users/anna/Library/Application Support/nsatlas/known_hosts',
  );
  expect(ownKnownHostsFile({ NSATLAS_USER_DATA: '/data' }, 'linux', '/home/anna')).toBe('/data/known_hosts');
});
