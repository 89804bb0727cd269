// status, stat, cmdline, cgroup: what one process says of itself, whatever it calls itself.
import { describe, expect, it } from 'vitest';
import { parseCgroups } from '../../../../shared/parse/cgroup.ts';
import { parseCommandLines } from '../../../../shared/parse/cmdline.ts';
import { parseStat } from '../../../../shared/parse/stat.ts';
import { parseStatus, unescapeName } from '../../../../shared/parse/status.ts';
import { aFrame, quoted, sourceText } from '../../../helpers/frames.ts';

const oddName = 'a) R 1 (\n\\';

describe('status', () => {
  it('undoes the kernel’s escapes in a name, and reads the uids, parent and PIDs', () => {
    const frame = aFrame('status', sourceText('status/name-with-newline-bracket-backslash.txt'));
    const { facts, unparsable } = parseStatus(frame);
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { pid: 15160, name: oddName, state: 'S', ppid: 15157, rights: { uids: [0, 0, 0, 0] }, nsPids: [15160] },
      { pid: 13163, name: 'bash', state: 'S', ppid: 13154, rights: { uids: [0, 0, 0, 0] }, nsPids: [13163] },
    ]);
    expect(quoted(frame, facts[0]?.evidence ?? {})).toBe('/proc/15160/status:Name:\ta) R 1 (\\n\\\\');
  });

  it('takes all four uids, and every PID of NSpid', () => {
    const text = '/proc/7/status:Name:\tnginx\n/proc/7/status:Uid:\t1\t2\t3\t4\n/proc/7/status:NSpid:\t7\t1\n';
    expect(parseStatus(aFrame('status', text)).facts).toMatchObject([
      { rights: { uids: [1, 2, 3, 4] }, nsPids: [7, 1] },
    ]);
  });

  it('loses a field, not the process', () => {
    const text = '/proc/7/status:Name:\tnginx\n/proc/7/status:Uid:\tx\n/proc/7/status:PPid:\t1\n';
    const { facts, unparsable } = parseStatus(aFrame('status', text));
    expect(facts).toMatchObject([{ name: 'nginx', rights: { capabilities: {} }, ppid: 1 }]);
    expect(facts[0]?.rights.uids).toBeUndefined();
    expect(unparsable).toMatchObject([{ evidence: { line: 2 }, text: 'Uid:\tx' }]);
  });

  it.each([
    ['a\\nb', 'a\nb'],
    ['a\\\\nb', 'a\\nb'],
    ['plain', 'plain'],
    ['tab\\there', 'tab\there'],
  ])('unescapes %j as %j', (escaped, name) => expect(unescapeName(escaped)).toBe(name));
});

describe('stat', () => {
  it('cuts at the last bracket, across lines', () => {
    const { facts, unparsable } = parseStat(aFrame('stat', sourceText('stat/name-with-newline-bracket-backslash.txt')));
    expect(unparsable).toEqual([]);
    expect(facts).toMatchObject([
      { pid: 15160, name: oddName, state: 'S', ppid: 15157, startTicks: 277569, kernelThread: false },
      { pid: 13163, name: 'bash', state: 'S', ppid: 13154, startTicks: 100193, kernelThread: false },
    ]);
    expect(facts.map(({ evidence }) => evidence.line)).toEqual([1, 3]);
  });

  it('knows a kernel thread by its flags', () => {
    const text = '/proc/2/stat:2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 0 0 0\n';
    expect(parseStat(aFrame('stat', text)).facts).toMatchObject([
      { name: 'kthreadd', kernelThread: true, startTicks: 0 },
    ]);
  });

  it('gives back a line that was cut', () => {
    const { facts, unparsable } = parseStat(aFrame('stat', '/proc/2/stat:2 (kthre\n'));
    expect(facts).toEqual([]);
    expect(unparsable).toHaveLength(1);
  });
});

describe('cmdline', () => {
  it('keeps newlines and empty arguments, and takes a rewritten title as one', () => {
    const { facts } = parseCommandLines(aFrame('cmdline', sourceText('cmdline/newline-in-argument-and-titles.txt')));
    expect(facts.map(({ argv }) => argv)).toEqual([
      ['two words', '-c', 'sleep 20; : "$1"', '', 'line one\nline two', ''],
      ['nginx: worker process'],
      ['sshd: /usr/sbin/sshd [listener] 0 of 100-100 startups'],
    ]);
  });

  it.each([
    ['', []],
    ['sh\0', ['sh']],
    ['true\0\0', ['true', '']],
    ['postgres: writer \0\0\0\0', ['postgres: writer ']],
    ['no-nul', ['no-nul']],
  ])('splits %j', (content, argv) => {
    expect(parseCommandLines(aFrame('cmdline', `/proc/1/cmdline:${content}\n`)).facts[0]?.argv).toEqual(argv);
  });
});

describe('cgroup', () => {
  it('takes the first version 1 path that says something where version 2 does not', () => {
    const frame = aFrame('cgroup', sourceText('cgroup/hybrid.txt'));
    const { facts } = parseCgroups(frame);
    expect(facts).toMatchObject([{ pid: 13163, path: '/docker/19598fe9d2951eee7a82ec0e3b8501d7' }]);
    expect(quoted(frame, facts[0]?.evidence ?? {})).toContain('4:memory:');
  });

  it('prefers version 2 where it says something, and keeps colons of a path', () => {
    const text = '/proc/1/cgroup:1:name=systemd:/a\n/proc/1/cgroup:0::/b:c\n/proc/2/cgroup:0::/\n/proc/3/cgroup:x\n';
    const { facts, unparsable } = parseCgroups(aFrame('cgroup', text));
    expect(facts.map(({ pid, path }) => [pid, path])).toEqual([
      [1, '/b:c'],
      [2, '/'],
    ]);
    expect(unparsable).toHaveLength(1);
  });

  it('keeps version 1 beside version 2 where they differ', () => {
    // Ubuntu 20.04, Docker with the cgroupfs driver; the id shortened.
    const text =
      '/proc/9/cgroup:2:cpuset:/docker/7eb26338\n/proc/9/cgroup:1:name=systemd:/docker/7eb26338\n' +
      '/proc/9/cgroup:0::/system.slice/containerd.service\n';
    const frame = aFrame('cgroup', text);
    const { facts } = parseCgroups(frame);
    expect(facts).toMatchObject([{ path: '/system.slice/containerd.service', version1: { path: '/docker/7eb26338' } }]);
    expect(quoted(frame, facts[0]?.version1?.evidence ?? {})).toContain('cpuset');
  });
});
