// What a process may do: lines of status, as kernels from 3.8 on print them, and the label of a security module.
import { describe, expect, it } from 'vitest';
import { capabilityNames } from '../../../../shared/explain/capabilities.ts';
import { parseSecurityLabels } from '../../../../shared/parse/security-label.ts';
import { parseStatus } from '../../../../shared/parse/status.ts';
import { aFrame, quoted } from '../../../helpers/frames.ts';

const lines = (pid: number, ...contents: readonly string[]): string =>
  contents.map((content) => `/proc/${pid}/status:${content}\n`).join('');

// redis-server in a rootless container of nerdctl, Linux 6.18.
const redis = lines(
  31555,
  'Name:\tredis-server',
  'Uid:\t1000\t1000\t1000\t1000',
  'Gid:\t1000\t1000\t1000\t1000',
  'Groups:\t4 1000 ',
  'Threads:\t6',
  'CapInh:\t0000000000000000',
  'CapPrm:\t00000000a80425fb',
  'CapEff:\t00000000a80425fb',
  'CapBnd:\t00000000a80425fb',
  'CapAmb:\t0000000000000000',
  'NoNewPrivs:\t1',
  'Seccomp:\t2',
  'Seccomp_filters:\t1',
);

describe('rights', () => {
  it('are what status says, and lead back to its lines', () => {
    const frame = aFrame('status', redis);
    const { facts, unparsable } = parseStatus(frame);
    expect(unparsable).toEqual([]);
    expect(facts[0]).toMatchObject({ threads: 6 });
    const rights = facts[0]?.rights;
    expect(rights).toMatchObject({
      uids: [1000, 1000, 1000, 1000],
      gids: [1000, 1000, 1000, 1000],
      groups: [4, 1000],
      capabilities: { effective: '00000000a80425fb', bounding: '00000000a80425fb', ambient: '0000000000000000' },
      noNewPrivs: true,
      seccomp: 'filter',
      seccompFilters: 1,
    });
    expect(rights?.evidence.map((evidence) => quoted(frame, evidence))).toContain(
      '/proc/31555/status:CapEff:\t00000000a80425fb',
    );
  });

  it('that an older kernel does not tell are not there', () => {
    const { facts } = parseStatus(aFrame('status', lines(9, 'Name:\tinit', 'Groups:\t ', 'CapEff:\t0000001fffffffff')));
    const rights = facts[0]?.rights;
    expect(rights).toEqual({
      groups: [],
      capabilities: { effective: '0000001fffffffff' },
      evidence: expect.anything(),
    });
  });

  it.each(['CapEff:\tall', 'Seccomp:\t7', 'NoNewPrivs:\tyes', 'Groups:\ta b', 'Gid:\t1\t2', 'Seccomp_filters:\t-1'])(
    '%j costs itself alone',
    (line) => {
      const { facts, unparsable } = parseStatus(aFrame('status', lines(9, 'Name:\tinit', line, 'PPid:\t1')));
      expect(unparsable).toMatchObject([{ text: line }]);
      expect(facts[0]).toMatchObject({ name: 'init', ppid: 1 });
    },
  );
});

describe('capabilities', () => {
  it('have names, as far as this kernel knows them', () => {
    expect(capabilityNames('000001ffffffffff', 40)).toMatchObject({ has: { length: 41 }, lacks: [] });
    expect(capabilityNames('0000003fffffffff', 37).lacks).toEqual([]);
    expect(capabilityNames('0000000000000000', 40).has).toEqual([]);
    expect(capabilityNames('0000000000201000', 40).has).toEqual(['net_admin', 'sys_admin']);
    // A kernel that is newer than this list.
    expect(capabilityNames('0000040000000000', 42).has).toEqual(['capability 42']);
    expect(capabilityNames('ffffffffffffffff', 40).has).toHaveLength(41);
  });
});

describe('security labels', () => {
  it('are AppArmor’s profile or SELinux’s context, without its NUL', () => {
    const text =
      '/proc/812/attr/current:unconfined\n' +
      '/proc/900/attr/current:docker-default (enforce)\n' +
      '/proc/901/attr/current:system_u:system_r:container_t:s0:c1,c2\0\n';
    const { facts, unparsable } = parseSecurityLabels(aFrame('label', text));
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { pid: 812, label: 'unconfined' },
      { pid: 900, label: 'docker-default (enforce)' },
      { pid: 901, label: 'system_u:system_r:container_t:s0:c1,c2' },
    ]);
  });
});
