// Joining, choosing and saying what is missing, on small transcripts.
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

describe('a RootlessKit that did not tell its ports', () => {
  const key = '7 8 /run/user/1000/r';
  const denied = `ls: cannot access '/run/user/1000/r': Permission denied`;
  const refused = 'curl: (7) Failed to connect to rootlesskit port 80 after 0 ms: Could not connect to server';
  const listing = '# /run/user/1000/r\nsrwxr-xr-x 1 1000 1000 0 Nov 26 02:27 api.sock\n';
  const asked = (list: Partial<Frame>, ports: Partial<Frame>) =>
    of([
      aFrame('rootlesskit', list.output ?? '# /run/user/1000/r\n', { key, ...list }),
      aFrame('rootlesskit-ports', '', { key, ...ports }),
    ]).rootlessKits[0]?.portsRefused;

  it.each([
    ['not-permitted', { stderr: denied, status: 2 }, { stderr: refused, status: 7 }, denied],
    [
      'not-permitted',
      { output: listing },
      { stderr: 'curl: (7) Permission denied', status: 7 },
      'curl: (7) Permission denied',
    ],
    ['undiscovered', { output: listing }, { stderr: refused, status: 7 }, refused],
    // What is closed is the child's view of a directory that is open.
    ['undiscovered', { output: listing, stderr: denied, status: 2 }, { stderr: refused, status: 7 }, refused],
    [
      'not-supported',
      { stderr: denied, status: 2 },
      { stderr: 'sh: rootlessctl: not found', status: 127 },
      'sh: rootlessctl: not found',
    ],
  ])('says why: %s', (kind, list, ports, example) => {
    expect(asked(list, ports)).toMatchObject({ kind, example });
  });

  it('has nothing to say where it answered, or was not asked', () => {
    expect(asked({ output: listing }, { output: '[]', status: 0 })).toBeUndefined();
    expect(of([aFrame('rootlesskit', listing, { key })]).rootlessKits[0]?.portsRefused).toBeUndefined();
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
    const { sockets } = of([
      ...processes([
        { pid: 1, ppid: 0 },
        { pid: 92, inodes: { user: 70 } },
      ]),
      aFrame('id-map', '/proc/92/uid_map:  0 1000 1\n/proc/92/uid_map:  1 100000 65536\n'),
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

describe('gaps', () => {
  const two = processes([
    { pid: 1, ppid: 0 },
    { pid: 9, inodes: null },
  ]);

  it('zombies and kernel threads are none', () => {
    expect(
      rules(
        processes([
          { pid: 1, ppid: 0 },
          { pid: 9, inodes: null, state: 'Z' },
        ]),
      ),
    ).toEqual([]);
    const thread = '/proc/9/stat:9 (kworker) I 2 0 0 0 0 2129984 0 0 0 0 0 0 0 0 0 0 0 0 5\n';
    expect(rules([two[0]!, two[1]!, aFrame('stat', thread)])).toEqual([]);
  });

  it('a process that came or went is gone, not denied', () => {
    expect(rules(two)).toEqual(['processes.gone: process:9']);
  });

  it('files are denied until a later pass is given them', () => {
    const denied = (pids: readonly number[]) =>
      pids.map((pid) => `find: '/proc/${pid}/fd': Permission denied`).join('\n');
    const first = aFrame('fd', '', { command: 'find /proc/[0-9]*/fd', stderr: denied([1, 9]), status: 1 });
    const again = aFrame('fd', '', { command: 'nsenter -t 9 -U find /proc/9/fd', privilege: 'userns:9' });
    const open = processes([{ pid: 1, ppid: 0 }, { pid: 9 }]);
    expect(rules([...open, first])).toEqual(['processes.files-not-permitted: process:1 process:9']);
    expect(rules([...open, first, again])).toEqual(['processes.files-not-permitted: process:1']);
  });

  it('what the collector itself started is not shown when nothing but its questions is known of it', () => {
    const { processes: shown, findings } = of([
      aFrame('host', '900\n', { key: 'self' }),
      ...processes([
        { pid: 1, ppid: 0 },
        { pid: 900 },
        { pid: 901, ppid: 900, name: 'grep', inodes: null },
        { pid: 902, ppid: 901, name: 'sub', inodes: null },
      ]),
      aFrame('cmdline', '/proc/950/cmdline:sh\0-s\0\n'),
    ]);
    expect(shown.map(({ pid }) => pid)).toEqual([1, 900]);
    expect(findings).toEqual([]);
  });

  it('hidepid is noticed, unless root asked', () => {
    const mount = aFrame('host', '23 28 0:21 / /proc rw - proc proc rw,hidepid=2\n', { key: 'proc-mount' });
    const id = (text: string) => aFrame('host', text, { key: 'id' });
    expect(rules([mount, id('uid=1000(a)')])).toEqual(['processes.hidden: host']);
    expect(rules([mount, id('uid=0(root) gid=0(root)')])).toEqual([]);
  });

  it('one finding for each cause, with all that it is about', () => {
    const failed = (netns: string, stderr: string) => aFrame('net', '[]\n', { key: netns, stderr, status: 1 });
    const frames = ['net:[4]', 'net:[5]'].map((netns) =>
      failed(netns, 'RTNETLINK answers: Operation not supported\nDump terminated\nCommand failed -:4'),
    );
    expect(of(frames).findings).toMatchObject([
      {
        rule: 'net.command-failed',
        // The kernel's answer is shown with the evidence.
        message: '“ip rule show” failed in 2 network namespaces: what it lists is unknown there.',
        kind: 'not-supported',
        subjects: ['net:[4]', 'net:[5]'],
        values: {
          command: 'rule show',
          count: 2,
          example: 'RTNETLINK answers: Operation not supported; Dump terminated',
        },
      },
    ]);
  });

  it('what the kernel answered stands in no title', () => {
    const stderr = 'RTNETLINK answers: Operation not supported\nDump terminated';
    const [found] = of([aFrame('rule6', '', { key: 'net:[4]', status: 1, stderr })]).findings;
    expect(found).toMatchObject({
      rule: 'section.not-supported',
      message: "The question “rule6” is not supported by the host's kernel",
      values: { example: 'RTNETLINK answers: Operation not supported' },
    });
    expect(found?.advice).toBeUndefined();
  });

  it.each([
    [{ cut: 'too-large' } as const, 'section.too-large: host'],
    [{ cut: 'timed-out', status: 143 } as const, 'section.timed-out: host'],
    [{ cut: 'connection-lost', status: undefined } as const, 'section.connection-lost: host'],
    [{ status: 127, stderr: 'sh: grep: not found' } as const, 'section.not-supported: host'],
    [{ status: 2, stderr: 'grep: out of memory' } as const, 'section.undiscovered: host'],
    [{ status: 2, stderr: 'grep: /proc/7/cgroup: No such file or directory' } as const, undefined],
  ])('a frame that ended with %j', (fields, expected) => {
    expect(rules([aFrame('cgroup', '', fields)])).toEqual(expected === undefined ? [] : [expected]);
  });

  it('missing tools, lines nobody can read, a run that broke off', () => {
    const tools = [
      aFrame('tool', '', { key: 'lsns', status: 127 }),
      aFrame('tool', 'ip utility, 6.1\n', { key: 'ip' }),
    ];
    expect(of(tools)).toMatchObject({
      host: { tools: { ip: 'ip utility, 6.1' } },
      findings: [{ rule: 'tools.missing', values: { tools: 'lsns' } }],
    });
    expect(of([aFrame('ns', 'rubbish\nmore\n')]).findings).toMatchObject([
      {
        rule: 'section.unparsable',
        values: { section: 'ns', count: 2, example: 'rubbish' },
        evidence: [{ line: 1 }, { line: 2 }],
      },
    ]);
    expect(rules([], { complete: false, problems: ['There is text outside of the answers.'] })).toEqual([
      'transcript.incomplete: host',
      'transcript.unreadable: host',
    ]);
  });

  it('versions, as each tool says its own', () => {
    const tool = (key: string, fields: Partial<Frame>) => aFrame('tool', '', { key, ...fields });
    const { host, findings } = of([
      tool('ss', { status: 127, stderr: 'sh: ss: not found' }),
      tool('curl', { output: 'curl 8.14.1\nProtocols: file\n' }),
      tool('nsenter', { stderr: 'nsenter from util-linux 2.37' }),
      tool('find', {
        status: 1,
        stderr: "find: unrecognized option '--version'\nBusyBox v1.36.1 (Debian) multi-call binary.",
      }),
      tool('grep', { status: 2, stderr: 'grep: unknown option -- version' }),
    ]);
    expect(host.tools).toEqual({
      curl: 'curl 8.14.1',
      nsenter: 'nsenter from util-linux 2.37',
      find: 'BusyBox v1.36.1',
    });
    expect(findings).toEqual([]);
  });

  it('files that need not be there are no failure', () => {
    const absent = { status: 1, stderr: 'cat: /etc/subuid: No such file or directory' };
    expect(
      rules([aFrame('host', '', { key: 'subuid', ...absent }), aFrame('host', '', { key: 'netns-dir', ...absent })]),
    ).toEqual([]);
  });
});
