// Joining and choosing, on small transcripts.
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../shared/model/transcript.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames as processes } from '../../../helpers/process-frames.ts';

const of = (frames: readonly Frame[], fields = {}) => assemble(aTranscript(frames, fields));
const rules = (frames: readonly Frame[], fields = {}) =>
  of(frames, fields).findings.map(({ rule, subjects }) => `${rule}: ${subjects.join(' ')}`);

describe('leaders', () => {
  it('are topmost in the namespace, the earliest first, the lowest PID on a tie', () => {
    const { namespaces } = of(
      processes([
        { pid: 1, ppid: 0 },
        { pid: 500, start: 90, inodes: { net: 77 } },
        { pid: 501, ppid: 500, start: 10, inodes: { net: 77 } },
        // PIDs wrapped around: lower, but later.
        { pid: 30, start: 95, inodes: { net: 77 } },
        { pid: 29, start: 95, inodes: { net: 77 } },
      ]),
    );
    expect(namespaces.find(({ id }) => id === 'net:[77]')).toMatchObject({
      processIds: ['process:29', 'process:30', 'process:500', 'process:501'],
      leaderIds: ['process:500', 'process:29', 'process:30'],
      evidence: [{ section: 'ns' }],
    });
  });
});

describe('a network namespace', () => {
  it('exists where its firewall was read, though nothing else told of it', () => {
    const { namespaces, firewalls } = of([aFrame('nft', 'table ip nat {\n}\n', { key: 'net:[77]' })]);
    expect(firewalls).toMatchObject([{ netns: 'net:[77]' }]);
    expect(namespaces).toMatchObject([{ id: 'net:[77]', evidence: [{ section: 'nft' }] }]);
  });
});

describe('an interface that is told to be tun', () => {
  const kindOf = (parent: string) => {
    const link = `"ifindex":2,"ifname":"eth0","link_type":"ether"${parent},"linkinfo":{"info_kind":"tun"}`;
    const folder = '/sys/class/net/eth0/device';
    return of([
      aFrame('host', '9\n', { key: 'self' }),
      aFrame('ns', '/proc/9/ns/net net:[1]\n'),
      aFrame('net', `[{${link}}]\n`, { key: 'net:[1]' }),
      aFrame('hardware', `l 1 0 ${folder} -> ../../../f8615163\nl 1 0 ${folder}/driver -> ../../hv_netvsc\n`),
    ]).links[0]?.kind;
  };

  it('is a physical one where it is on a bus, with a driver', () => {
    expect(kindOf(',"parentbus":"vmbus","parentdev":"f8615163"')).toBe('physical');
    expect(kindOf('')).toBe('tun');
    expect(kindOf(',"parentbus":"vmbus","parentdev":"another"')).toBe('tun');
  });
});

describe('a firewall', () => {
  const table = 'table ip nat {\n}\n';
  const wholly = (...frames: readonly Frame[]) => of(frames).firewalls.map(({ incomplete }) => incomplete !== true);
  const there = aFrame('firewall-modules', 'nf_tables yes\nip_tables no\n');

  it('is read in part where the answer was cut, or another was refused', () => {
    const nft = aFrame('nft', table, { key: 'net:[77]' });
    expect(wholly(nft, there)).toEqual([true]);
    expect(wholly({ ...nft, cut: 'too-large', status: undefined })).toEqual([false]);
    expect(wholly(nft, aFrame('iptables', '', { key: 'net:[77]', status: 127 }))).toEqual([false]);
    expect(wholly(nft, aFrame('iptables', '', { key: 'net:[78]', status: 127 }))).toEqual([true]);
  });

  it('is read in part where a line of it is not understood', () => {
    const odd = 'table ip nat {\n\tnovelty\n}\n';
    expect(wholly(aFrame('nft', odd, { key: 'net:[77]' }))).toEqual([false]);
    expect(wholly(aFrame('iptables', '*nat\nnovelty\nCOMMIT\n', { key: 'net:[77]' }))).toEqual([false]);
  });

  it('is read in part where iptables-save stands in for nft, and that is said of each network namespace', () => {
    const save = aFrame('iptables', '*nat\nCOMMIT\n', { key: 'net:[77]' });
    const other = aFrame('net', '[]\n', { key: 'net:[78]' });
    expect(wholly(save, aFrame('firewall-modules', 'nf_tables no\nip_tables yes\n'))).toEqual([true]);
    expect(wholly(save, other, there)).toEqual([false]);
    expect(of([save, other, there]).findings.find(({ rule }) => rule === 'firewall.no-nft')).toMatchObject({
      subjects: ['net:[77]', 'net:[78]'],
      values: { count: 2 },
      evidence: [{ section: 'firewall-modules', line: 1 }],
    });
  });
});

describe('a process', () => {
  it('is its effective user’s: the second of four', () => {
    const text = '/proc/9/status:Name:\tsu\n/proc/9/status:Uid:\t1000\t0\t7\t8\n';
    expect(of([aFrame('status', text)]).processes).toMatchObject([{ pid: 9, uid: 0 }]);
  });
});

describe('initial namespaces', () => {
  it('are certain where /proc/1 is open', () => {
    const { host, findings } = of(processes([{ pid: 1, ppid: 0 }]));
    expect(host.initialNamespaces.net).toEqual({
      id: 'net:[4]',
      certainty: 'certain',
      rule: 'initial.first-process',
    });
    expect(findings).toEqual([]);
  });

  it('are the kernel’s fixed ones, then the login shell’s, where it is closed, and that is said', () => {
    const { host, findings } = of([
      aFrame('host', '900\n', { key: 'self' }),
      ...processes([
        { pid: 900, inodes: { net: 4026531840, mnt: 4026531841, user: 4026532000, uts: 4026532001 } },
        { pid: 901, inodes: { user: 4026531837 } },
      ]),
    ]);
    expect(host.initialNamespaces).toMatchObject({
      net: { id: 'net:[4026531840]', certainty: 'inferred', rule: 'initial.login-shell' },
      mnt: { id: 'mnt:[4026531841]', certainty: 'inferred' },
      user: { id: 'user:[4026531837]', certainty: 'inferred', rule: 'initial.fixed-inode' },
      uts: { id: 'uts:[4026532001]', certainty: 'inferred' },
    });
    expect(findings).toMatchObject([{ rule: 'initial.assumed', kind: 'assumed', values: { count: 8 } }]);
    expect(findings[0]?.message).toBe(
      "/proc/1 is closed to this user: the host's own namespaces are assumed (user by the number the kernel gives its own, " +
        'cgroup, ipc, mnt, net, pid, time, uts by where the login shell is).',
    );
  });

  it('are not the kernel’s where nobody was seen in them: a host in a container has its own, and a socket may lead out', () => {
    const { host } = of([
      aFrame('host', '900\n', { key: 'self' }),
      ...processes([{ pid: 900, inodes: { net: 4026532182 } }]),
      aFrame('lsns', '4026531833 net 0 1 0 0\n'),
    ]);
    expect(host.initialNamespaces.net).toMatchObject({ id: 'net:[4026532182]', rule: 'initial.login-shell' });
    const { host: newer } = of([
      aFrame('host', '900\n', { key: 'self' }),
      ...processes([
        { pid: 900, inodes: { net: 4026532182 } },
        { pid: 901, inodes: { net: 4026531833, mnt: 4026531832 } },
      ]),
    ]);
    expect(newer.initialNamespaces).toMatchObject({
      net: { id: 'net:[4026531833]', certainty: 'inferred', rule: 'initial.fixed-inode' },
      mnt: { id: 'mnt:[4026531832]', certainty: 'inferred', rule: 'initial.fixed-inode' },
    });
  });
});

describe('what keeps a namespace', () => {
  it('for children, thread, mount, descriptor: only where it is not the process’s own', () => {
    const { namespaces } = of([
      ...processes([{ pid: 1, ppid: 0 }, { pid: 9 }]),
      aFrame(
        'ns',
        [
          '/proc/9/ns/pid_for_children pid:[88]',
          '/proc/9/ns/time_for_children time:[6]',
          '/proc/9/task/10/ns/net net:[99]',
          '/proc/9/task/9/ns/net net:[4]',
        ].join('\n'),
      ),
      aFrame('mountinfo', '/proc/9/mountinfo:8 7 0:4 net:[55] /run/n rw - nsfs nsfs rw\n'),
      aFrame('fd', '/proc/9/fd/3 net:[66]\n'),
    ]);
    const keepers = Object.fromEntries(namespaces.map(({ id, keptBy }) => [id, keptBy]));
    expect(keepers['pid:[88]']).toMatchObject([{ by: 'for-children', process: 'process:9' }]);
    expect(keepers['net:[99]']).toMatchObject([{ by: 'thread', process: 'process:9', tid: 10 }]);
    expect(keepers['net:[55]']).toMatchObject([{ by: 'mount', path: '/run/n', reachableAs: '/proc/9/root/run/n' }]);
    expect(keepers['net:[66]']).toMatchObject([{ by: 'fd', process: 'process:9', fd: 3 }]);
    expect(keepers['time:[6]']).toEqual([]);
    expect(keepers['net:[4]']).toEqual([]);
  });

  it('a mount point of many mount namespaces is told once, by the collector’s own path where it has one', () => {
    const { namespaces } = of([
      aFrame('host', '9\n', { key: 'self' }),
      ...processes([{ pid: 8, inodes: { mnt: 70 } }, { pid: 9 }]),
      aFrame(
        'mountinfo',
        '/proc/8/mountinfo:8 7 0:4 net:[55] /run/n rw - nsfs nsfs rw\n/proc/9/mountinfo:8 7 0:4 net:[55] /run/n rw - nsfs nsfs rw\n',
      ),
    ]);
    expect(namespaces.find(({ id }) => id === 'net:[55]')?.keptBy).toMatchObject([
      { reachableAs: '/run/n', mountNamespace: 'mnt:[3]', evidence: [{ line: 2 }] },
    ]);
  });
});

describe('passes', () => {
  it('uids that were read inside a user namespace are counted as outside', () => {
    const maps = [
      '/proc/1/uid_map:  0 0 4294967295',
      '/proc/PID/gid_map:  0 5000 1',
      '/proc/PID/gid_map:  1 700000 65536',
      '/proc/PID/uid_map:  0 1000 1',
      '/proc/PID/uid_map:  1 100000 65536',
    ];
    // Read from the process that was entered by, or from another one in there.
    for (const pid of ['92', '93']) {
      const { sockets, namespaces } = of([
        ...processes([
          { pid: 1, ppid: 0 },
          { pid: 92, inodes: { user: 70 } },
          { pid: 93, inodes: { user: 70 } },
        ]),
        aFrame('id-map', `${maps.join('\n').replaceAll('PID', pid)}\n`),
        aFrame(
          'socket-in',
          '/proc/net/tcp:   0: 0100007F:0050 00000000:0000 0A 0:0 0:0 0  33 0 5 1\n/proc/net/tcp:   1: 0100007F:0051 00000000:0000 0A 0:0 0:0 0  0 0 6 1\n',
          { key: 'net:[55]', privilege: 'userns:92' },
        ),
      ]);
      expect(sockets.map(({ netns, uid }) => [netns, uid])).toEqual([
        ['net:[55]', 100032],
        ['net:[55]', 1000],
      ]);
      expect(namespaces.find(({ id }) => id === 'user:[70]')).toMatchObject({
        uidMap: [{ outside: 1000 }, { outside: 100000 }],
        gidMap: [{ outside: 5000 }, { outside: 700000 }],
      });
    }
  });

  it('the last attempt on a network namespace that got an answer counts', () => {
    const link = (name: string) => `[{"ifindex":1,"ifname":"${name}"}]\n`;
    const net = (output: string, fields: Partial<Frame>) => aFrame('net', output, { key: 'net:[4]', ...fields });
    const denied = { status: 1, stderr: "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted" };
    expect(of([net('', denied), net(link('b'), {}), net('', denied)]).links.map(({ name }) => name)).toEqual(['b']);
    expect(rules([net('', denied), net(link('b'), {})])).toEqual([]);
    expect(of([net('', denied)])).toMatchObject({
      netnsNotEntered: [{ netns: 'net:[4]', kind: 'not-permitted', example: denied.stderr, evidence: [{ frame: 0 }] }],
      findings: [],
    });
    const answered = { status: 1, stderr: 'RTNETLINK answers: Operation not permitted\nDump terminated' };
    const [unentered] = of([net('', answered)]).netnsNotEntered;
    expect(unentered).toMatchObject({ kind: 'not-permitted', evidence: [{ frame: 0 }] });
    expect(unentered?.example).toBeUndefined();
  });

  it('holders of a socket are found by its inode, in any pass', () => {
    const { sockets } = of([
      ...processes([{ pid: 9 }]),
      aFrame('socket', '/proc/9/net/tcp:   0: 0100007F:0050 00000000:0000 0A 0:0 0:0 0  0 0 5 1\n'),
      aFrame('fd', '/proc/9/fd/3 socket:[5]\n/proc/9/fd/4 socket:[5]\n'),
      aFrame('fd', '/proc/10/fd/3 socket:[5]\n', { privilege: 'userns:9' }),
    ]);
    expect(sockets).toMatchObject([{ netns: 'net:[4]', processIds: ['process:9', 'process:10'] }]);
  });
});

describe('sockets of other kinds', () => {
  const table = (file: string, rows: readonly string[]) => rows.map((row) => `/proc/9/net/${file}:${row}\n`).join('');

  it('unix and packet sockets have their holders and their network namespace', () => {
    const { unixSockets, packetSockets } = of([
      ...processes([{ pid: 9 }]),
      aFrame(
        'socket',
        table('unix', ['Num …', 'ff01: 00000002 00000000 00010000 0001 01 5 /run/a.sock']) +
          table('packet', [
            'sk …',
            'ff02 3 3 0003 2 1 0 1000 6',
            'ff03 3 2 0800 0 1 0 0 7',
            'ff04 2 3 0003 -1 0 0 0 8',
          ]),
      ),
      aFrame('fd', '/proc/9/fd/3 socket:[5]\n/proc/9/fd/4 socket:[6]\n'),
    ]);
    expect(unixSockets).toMatchObject([
      { id: 'socket:unix/5', netns: 'net:[4]', state: 'LISTEN', name: '/run/a.sock', processIds: ['process:9'] },
    ]);
    expect(packetSockets).toMatchObject([
      { netns: 'net:[4]', link: 'link:net:[4]/2', etherType: '0003', uid: 1000, processIds: ['process:9'] },
      { netns: 'net:[4]', link: undefined, etherType: '0800', processIds: [] },
      { link: undefined, linkGone: true },
    ]);
  });

  it('a table that came up to its limit is told, with the network namespace it is of', () => {
    const row = (inode: number) => `  0: 0100007F:0050 00000000:0000 0A 0:0 0:0 0  0 0 ${inode} 1`;
    const frames = (rows: number) => [
      ...processes([{ pid: 9 }]),
      aFrame(
        'socket',
        table(
          'tcp',
          Array.from({ length: rows }, (_, at) => row(at + 1)),
        ) + table('udp', [' sl']),
        {
          command: "grep -aHvm 3 '^$' /proc/9/net/tcp /proc/9/net/udp",
        },
      ),
    ];
    expect(rules(frames(3))).toEqual(['sockets.cut: net:[4]']);
    expect(rules(frames(2))).toEqual([]);
  });
});

describe('sockets', () => {
  const listener = (netns: number, pid: number, inode: number, address = '00000000') => [
    ...processes([{ pid, inodes: { net: netns } }]),
    aFrame(
      'socket',
      `/proc/${pid}/net/udp:  1: ${address}:0043 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 ${inode} 2 0 0\n`,
    ),
  ];
  const devices = (frames: readonly Frame[]) => of(frames).sockets.map(({ device }) => device);
  const ss = (inode: number, where: string, netns = 77) =>
    aFrame('ss', `udp UNCONN 0 0 ${where} 0.0.0.0:* ino:${inode} sk:1 <->\n`, { key: `net:[${netns}]` });

  it('have the device that ss told of them, in their network namespace', () => {
    expect(devices([...listener(77, 5, 9), ss(9, '0.0.0.0%virbr1:67')])).toEqual(['virbr1']);
    expect(devices([...listener(77, 5, 9), ss(9, '0.0.0.0:67')])).toEqual(['']);
    expect(devices([...listener(77, 5, 9), ss(9, '0.0.0.0%virbr1:67', 78)])).toEqual([undefined]);
    expect(devices([...listener(77, 5, 9), ss(8, '0.0.0.0%virbr1:67')])).toEqual([undefined]);
    // An inode that is another socket's by now.
    expect(devices([...listener(77, 5, 9), ss(9, '0.0.0.0%virbr1:68')])).toEqual([undefined]);
    expect(of([...listener(77, 5, 9), ss(9, '0.0.0.0:67')]).sockets[0]?.evidence.map(({ section }) => section)).toEqual(
      ['socket', 'ss'],
    );
  });
});
