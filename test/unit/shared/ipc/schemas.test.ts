import { describe, expect, it } from 'vitest';
import type { CallName, Settings } from '../../../../shared/ipc/contract.ts';
import { argumentSchemas } from '../../../../shared/ipc/schemas.ts';
import { callNames } from '../../../../shared/ipc/names.ts';

const profile = {
  name: 'lab',
  host: '192.0.2.1',
  port: 22,
  user: 'ec2-user',
  authentication: 'key',
  keyFile: '/home/me/.ssh/id_ed25519',
  sudo: 'never',
};
const settings: Settings = {
  theme: 'system',
  hideLoopback: true,
  sidebarWidth: 240,
  inspectorWidth: 320,
  sidebarOpen: true,
  inspectorOpen: true,
  showLegend: true,
};
const image = { format: 'png', svg: '<svg/>', scale: 2, suggestedName: 'host 2026-01-01.png' };

const netns = {
  name: 'nginx',
  inode: 4026532182,
  marks: ['2/06:e6:fc:f5:ba:77'],
  ways: [':/proc/1/ns/net', '12::/proc/12/fd/3', '9:/run/netns/a', '@9/3'],
};
const link = { name: 'eth0', ifindex: 2, withoutIp: false };
const bootId = '0d3f7a52-5c4e-4d8a-9f5a-6a3c7d1c2b10';
const wish = { target: { bootId, netns, link }, filter: 'icmp', includeOwn: false, sudo: 'try' };
const withWay = (way: string) => ({ ...wish, target: { netns: { ...netns, ways: [way] } } });

const accepted: readonly (readonly [CallName, readonly unknown[]])[] = [
  ['app:info', []],
  ['profiles:save', [profile]],
  ['profiles:save', [profile, '0d3f7a52-5c4e-4d8a-9f5a-6a3c7d1c2b10']],
  ['collect:answer', ['p1', { accept: true, secret: 'correct horse' }]],
  ['collect:answer', ['p1', { accept: true }]],
  ['collect:answer', ['p1', { accept: false }]],
  ['capture:start', ['p1', wish]],
  ['capture:start', ['p1', { ...wish, target: { netns }, packets: 1, seconds: 1, bytes: 1, snaplen: 96 }]],
  ['capture:stop', ['c1']],
  ['settings:write', [settings]],
  ['export:save', [image]],
  ['clipboard:write', ['ip netns']],
  ['demo:drawn', ['<svg/>']],
];

const { keyFile: _keyFile, ...withoutKeyFile } = profile;
const refused: readonly (readonly [string, CallName, readonly unknown[]])[] = [
  ['an argument too many', 'app:info', ['x']],
  ['an argument missing', 'profiles:delete', []],
  ['an id that is a path', 'snapshots:read', ['../../etc/passwd']],
  ['a password in a profile', 'profiles:save', [{ ...profile, password: 'hunter2' }]],
  ['a port as text', 'profiles:save', [{ ...profile, port: '22' }]],
  ['a port that is no number', 'profiles:save', [{ ...profile, port: Number.NaN }]],
  ['an unknown way to log in', 'profiles:save', [{ ...withoutKeyFile, authentication: 'none' }]],
  ['a key file that is undefined', 'profiles:save', [{ ...profile, keyFile: undefined }]],
  ['a secret with a refusal', 'collect:answer', ['p1', { accept: false, secret: 'x' }]],
  ['a way in that is two words', 'capture:start', ['p1', withWay(':/proc/1/ns/net --mount')]],
  ['a way in that is a command', 'capture:start', ['p1', withWay(':/run/$(id)')]],
  ['a way in that is an option', 'capture:start', ['p1', withWay('--all')]],
  ['a way in of two lines', 'capture:start', ['p1', withWay(':/run/a\n:/run/b')]],
  ['a mark that is a pattern', 'capture:start', ['p1', { ...wish, target: { netns: { ...netns, marks: ['2/.*'] } } }]],
  ['a filter that is no text', 'capture:start', ['p1', { ...wish, filter: 'a\u0000b' }]],
  ['no packets at all', 'capture:start', ['p1', { ...wish, packets: 0 }]],
  ['a file to capture into', 'capture:start', ['p1', { ...wish, file: '/etc/passwd' }]],
  ['a name with a folder in it', 'export:save', [{ ...image, suggestedName: '../x.png' }]],
  ['a scale between two', 'export:save', [{ ...image, scale: 1.5 }]],
  ['a theme nobody made', 'settings:write', [{ ...settings, theme: 'sepia' }]],
  ['settings with something unknown', 'settings:write', [{ ...settings, path: '/etc' }]],
  ['a text longer than any', 'clipboard:write', ['x'.repeat(10_000_001)]],
];

describe('argument schemas', () => {
  it('there is one for every call', () => {
    expect(new Set(Object.keys(argumentSchemas))).toEqual(callNames);
  });
  it.each(accepted)('%s accepts %j', (name, args) => {
    expect(argumentSchemas[name].safeParse(args)).toEqual({ success: true, data: args });
  });
  it.each(refused)('refuses %s', (_what, name, args) => {
    expect(argumentSchemas[name].safeParse(args).success).toBe(false);
  });
});
