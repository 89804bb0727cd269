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

const accepted: readonly (readonly [CallName, readonly unknown[]])[] = [
  ['app:info', []],
  ['profiles:save', [profile]],
  ['profiles:save', [profile, '0d3f7a52-5c4e-4d8a-9f5a-6a3c7d1c2b10']],
  ['collect:answer', ['p1', { accept: true, secret: 'correct horse' }]],
  ['collect:answer', ['p1', { accept: true }]],
  ['collect:answer', ['p1', { accept: false }]],
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
