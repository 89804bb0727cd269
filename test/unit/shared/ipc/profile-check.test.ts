import { describe, expect, it } from 'vitest';
import type { ProfileFields } from '../../../../shared/ipc/contract.ts';
import { checkProfile } from '../../../../shared/ipc/profile-check.ts';

const good: ProfileFields = {
  name: 'lab',
  host: 'lab.example',
  port: 22,
  user: 'ec2-user',
  authentication: 'agent',
  sudo: 'try',
};

describe('checkProfile', () => {
  it.each(['192.0.2.1', '2001:db8::1', 'fe80::1%ens5', 'host_1.example', 'ホスト.example'])(
    'accepts host %s',
    (host) => {
      expect(checkProfile({ ...good, host })).toEqual([]);
    },
  );
  it.each([
    ['', 'missing'],
    ['  ', 'missing'],
    ['a b', 'has-spaces'],
    ['-oProxyCommand=x', 'begins-with-dash'],
    ['user@host', 'not-a-host'],
    ['x'.repeat(254), 'too-long'],
  ])('host %j: %s', (host, code) => {
    expect(checkProfile({ ...good, host })).toEqual([{ field: 'host', code }]);
  });
  it.each([0, -1, 65536, 22.5, Number.NaN])('port %d is none', (port) => {
    expect(checkProfile({ ...good, port })).toEqual([{ field: 'port', code: 'not-a-port' }]);
  });
  it.each(['root', 'DOMAIN\\me', 'me@example.org'])('accepts user %s', (user) => {
    expect(checkProfile({ ...good, user })).toEqual([]);
  });
  it.each([
    ['-l', 'begins-with-dash'],
    ['a\u0000b', 'not-a-user'],
    ['../x', 'not-a-user'],
  ])('user %j: %s', (user, code) => {
    expect(checkProfile({ ...good, user })).toEqual([{ field: 'user', code }]);
  });
  it('wants a key file where a key is the way in, and names every field at once', () => {
    const problems = checkProfile({ ...good, authentication: 'key', name: '', port: 0 });
    expect(problems.map((problem) => problem.field)).toEqual(['name', 'port', 'keyFile']);
  });
});
