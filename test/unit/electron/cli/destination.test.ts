import { expect, it } from 'vitest';
import { readDestination } from '../../../../electron/cli/destination.ts';

it.each([
  ['web1', undefined, 'web1'],
  ['ec2-user@192.0.2.1', 'ec2-user', '192.0.2.1'],
  ['root@2001:db8::1', 'root', '2001:db8::1'],
  ['root@[2001:db8::1]', 'root', '2001:db8::1'],
  ['[fe80::1%eth0]', undefined, 'fe80::1%eth0'],
  // A user name may have an @ of its own (Active Directory): the last one counts.
  ['anna@example.org@web1', 'anna@example.org', 'web1'],
])('%s', (text, user, host) => {
  expect(readDestination(text)).toEqual({ user, host });
});

it.each([
  ['web1:22', 'The port is an option of its own: -p 22.'],
  ['root@[::1]:2222', 'The port is an option of its own: -p 2222.'],
  ['ssh://root@web1', 'Give [user@]host, not an address with ://.'],
  ['@web1', '@web1 is no [user@]host.'],
  ['root@', 'root@ is no [user@]host.'],
  ['', 'An empty word is no [user@]host.'],
  ['a,b', 'a,b is no [user@]host.'],
  ['root@-oProxyCommand=x', 'root@-oProxyCommand=x is no [user@]host.'],
])('refuses %s', (text, message) => {
  expect(() => readDestination(text)).toThrow(message);
});
