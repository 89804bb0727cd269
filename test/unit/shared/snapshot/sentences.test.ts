import { describe, expect, it } from 'vitest';
import { collectedRules } from '../../../../shared/snapshot/rules.ts';
import { word } from '../../../../shared/snapshot/sentences.ts';

describe('sentences', () => {
  const values = {
    count: 2,
    example: 'said',
    section: 'ns',
    hidepid: '2',
    kinds: 'net, mnt',
    tools: 'lsns',
    command: 'rule show',
    lines: 200,
    path: '/etc/hosts',
    limit: 64,
    engine: 'docker',
    socket: '/run/docker.sock',
    stateDir: '/run/user/1000/containerd-rootless',
  };
  it.each(collectedRules)('%s has one, with all it needs', (rule) => {
    const { message, advice } = word(rule, values, { root: false });
    expect(message).toMatch(/^\S.*\S$/);
    expect(`${message}${advice}`.replace(/undefined$/, '')).not.toContain('undefined');
  });
  it.each(collectedRules)('%s does not send root to sudo', (rule) => {
    expect(word(rule, values, { root: true }).advice ?? '').not.toContain('sudo');
  });
});
