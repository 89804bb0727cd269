// Names that namespaces know: nameservers, hosts, their own. On small transcripts.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames as processes } from '../../../helpers/process-frames.ts';

const of = (frames: readonly Frame[], fields = {}) => assemble(aTranscript(frames, fields));
const rules = (frames: readonly Frame[], fields = {}) =>
  of(frames, fields).findings.map(({ rule, subjects }) => `${rule}: ${subjects.join(' ')}`);

describe('names', () => {
  const file = (pid: number, path: string, text: string) => `/proc/${pid}/root${path}:${text}\n`;

  it('of a mount namespace: nameservers, whom the stub asks, hosts, and where the files come from', () => {
    const { nameResolution } = of([
      ...processes([{ pid: 9 }, { pid: 10 }]),
      aFrame('mountinfo', '/proc/9/mountinfo:8 7 0:4 /containers/d8e2/hosts /etc/hosts rw - ext4 /dev/root rw\n'),
      aFrame('name-link', '/proc/9/root/etc/resolv.conf /proc/9/root/run/systemd/resolve/stub-resolv.conf\n'),
      aFrame(
        'name-file',
        file(9, '/run/systemd/resolve/stub-resolv.conf', 'nameserver 127.0.0.53') +
          file(9, '/run/systemd/resolve/resolv.conf', 'nameserver 192.0.2.1') +
          file(9, '/etc/hosts', '10.4.0.9 web') +
          file(9, '/etc/hostname', 'web') +
          file(9, '/etc/nsswitch.conf', 'hosts: files dns') +
          file(10, '/etc/hosts', '10.4.0.9 another'),
      ),
    ]);
    expect(nameResolution).toMatchObject([
      {
        mountNamespace: 'mnt:[3]',
        readThrough: 'process:9',
        nameservers: [{ address: '127.0.0.53' }],
        upstream: [{ address: '192.0.2.1' }],
        hosts: [{ address: '10.4.0.9', names: ['web'] }],
        hostname: 'web',
        lookUp: ['files', 'dns'],
      },
    ]);
    expect(nameResolution[0]?.files.map(({ path, leadsTo, mountedFrom }) => [path, leadsTo, mountedFrom])).toEqual([
      ['/etc/resolv.conf', '/run/systemd/resolve/stub-resolv.conf', undefined],
      ['/etc/hosts', undefined, '/containers/d8e2/hosts'],
      ['/etc/hostname', undefined, undefined],
      ['/etc/nsswitch.conf', undefined, undefined],
    ]);
  });

  it('of UTS namespaces, and of the host’s by uname', () => {
    const { namespaces } = of([
      aFrame('host', '8\n', { key: 'self' }),
      aFrame('host', 'Linux ip-172-31-40-91 6.1.0 x86_64\n', { key: 'uname' }),
      ...processes([{ pid: 8 }, { pid: 9, inodes: { uts: 80 } }]),
      aFrame('hostname', 'd8e2d622b3d7\n', { key: 'uts:[80]' }),
    ]);
    const names = namespaces.filter(({ kind }) => kind === 'uts').map(({ hostname }) => hostname);
    expect(names.toSorted()).toEqual(['d8e2d622b3d7', 'ip-172-31-40-91']);
  });

  it('that could not be read: refused, too large, or no file', () => {
    const found = rules([
      ...processes([{ pid: 9 }]),
      aFrame('name-root', '', { status: 1, stderr: "find: '/proc/9/root/etc': Permission denied" }),
      aFrame(
        'name-odd',
        '-rw-r--r-- 1 0 0 99999 Nov 24 04:04 /proc/9/root/etc/hosts\ncrw-rw-rw- 1 0 0 1, 3 Nov 24 04:04 /proc/9/root/etc/resolv.conf\n',
      ),
      aFrame('hostname', '', {
        key: 'uts:[8]',
        status: 1,
        stderr: 'nsenter: reassociate to namespaces failed: Operation not permitted',
      }),
    ]);
    expect(found.toSorted()).toEqual([
      'names.large-file: mnt:[3]',
      'names.no-file: mnt:[3]',
      'section.not-permitted: process:9',
      'section.not-permitted: uts:[8]',
    ]);
    const gone = aFrame('name-root', '', { status: 1, stderr: "find: '/proc/9/root/etc': No such file or directory" });
    expect(rules([...processes([{ pid: 9 }]), gone])).toEqual([]);
  });

  it('that were not asked, because there are so many', () => {
    const pids = Array.from({ length: 257 }, (_, at) => ({ pid: at + 1, ppid: 0, inodes: { mnt: 1000 + at } }));
    const command = `find ${pids
      .slice(0, 256)
      .map(({ pid }) => `/proc/${pid}/root/etc`)
      .join(' ')} -maxdepth 0`;
    expect(rules([...processes(pids), aFrame('name-root', '', { command })])).toEqual(['names.not-asked: mnt:[1256]']);
  });
});
