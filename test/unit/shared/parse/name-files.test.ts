// resolv.conf, hosts, hostname and nsswitch.conf of several processes in one answer. The fixture is RootlessKit's child of
// the reference host: --copy-up made its /etc of symbolic links.
import { describe, expect, it } from 'vitest';
import { parseFileMounts } from '../../../../shared/parse/file-mounts.ts';
import { parseHostname } from '../../../../shared/parse/hostname.ts';
import {
  parseNameFiles,
  parseNameLinks,
  parseOddFiles,
  readHosts,
  readLookUpOrder,
  readResolvConf,
} from '../../../../shared/parse/name-files.ts';
import { aFrame, sourceText } from '../../../helpers/frames.ts';
import { at } from '../../../helpers/entities.ts';

const lines = (text: string) =>
  text.split('\n').map((line, index) => ({ text: line, evidence: at('name-file', index + 1) }));

describe('name files', () => {
  it('gives every line with its file, as it was read', () => {
    const { facts, unparsable } = parseNameFiles(aFrame('name-file', sourceText('name-files/rootlesskit-child.txt')));
    expect(unparsable).toEqual([]);
    expect(facts.slice(0, 4).map(({ pid, path, text }) => `${pid} ${path.replace(/\.ro\d+/, '.ro')} ${text}`)).toEqual([
      '15011 /etc/.ro/resolv.conf nameserver 172.31.32.1',
      '15011 /etc/.ro/hosts 127.0.0.1 localhost',
      '15011 /etc/.ro/hosts 172.31.40.91 ip-172-31-40-91',
      '15011 /etc/.ro/hostname ip-172-31-40-91',
    ]);
  });

  it('what was not asked for is told', () => {
    expect(parseNameFiles(aFrame('name-file', '/proc/9/status:x\nno path\n')).unparsable).toHaveLength(2);
  });

  it('links, both ends below the root of one process', () => {
    const { facts, unparsable } = parseNameLinks(
      aFrame(
        'name-link',
        '/proc/9/root/etc/resolv.conf /proc/9/root/run/systemd/resolve/stub-resolv.conf\n/proc/9/root/etc/hosts /proc/8/root/etc/hosts\n',
      ),
    );
    expect(facts).toMatchObject([
      { pid: 9, path: '/etc/resolv.conf', leadsTo: '/run/systemd/resolve/stub-resolv.conf' },
    ]);
    expect(unparsable).toHaveLength(1);
  });

  it('files that were too large, and those that are none', () => {
    const { facts } = parseOddFiles(
      aFrame(
        'name-odd',
        '-rw-r--r-- 1 0 0 1048576 Nov 24 04:04 /proc/9/root/etc/hosts\nprw-r--r-- 1 0 0 0 Nov 24 04:04 /proc/9/root/etc/hostname\n',
      ),
    );
    expect(facts.map(({ path, isFile }) => [path, isFile])).toEqual([
      ['/etc/hosts', true],
      ['/etc/hostname', false],
    ]);
  });
});

describe('resolv.conf', () => {
  // resolv.conf(5); what Kubernetes and systemd-resolved write.
  it('reads nameservers, the last search list, and all options', () => {
    const read = readResolvConf(
      lines(
        [
          'domain example.net',
          'search default.svc.cluster.local\tsvc.cluster.local cluster.local',
          'nameserver 10.96.0.10',
          'nameserver fe80::1%eth0 # the router',
          'options ndots:5',
          'options edns0 trust-ad',
          'sortlist 130.155.160.0/255.255.240.0',
        ].join('\n'),
      ),
    );
    expect(read).toMatchObject({
      search: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
      options: ['ndots:5', 'edns0', 'trust-ad'],
      unparsable: [],
    });
    expect(read.nameservers.map(({ address, evidence }) => [address, evidence[0]?.line])).toEqual([
      ['10.96.0.10', 3],
      ['fe80::1%eth0', 4],
    ]);
  });

  it('a domain after a search list takes its place; what resolvers ignore is told', () => {
    const read = readResolvConf(lines('search a b\ndomain c\nnameserver\n  nameserver 1.1.1.1'));
    expect(read.search).toEqual(['c']);
    expect(read.nameservers).toEqual([]);
    expect(read.unparsable).toHaveLength(2);
  });
});

describe('hosts and nsswitch.conf', () => {
  it('reads an address and its names', () => {
    const { hosts, unparsable } = readHosts(
      lines('127.0.0.1\tlocalhost\n10.4.0.9  web web.bridge # nerdctl\nfe80::1%lo0 x\nweb'),
    );
    expect(hosts.map(({ address, names }) => [address, ...names])).toEqual([
      ['127.0.0.1', 'localhost'],
      ['10.4.0.9', 'web', 'web.bridge'],
      ['fe80::1%lo0', 'x'],
    ]);
    expect(unparsable).toHaveLength(1);
  });

  it('reads where names are looked for', () => {
    expect(readLookUpOrder(lines('passwd: files\nhosts:  files mymachines resolve [!UNAVAIL=return] dns'))).toEqual([
      'files',
      'mymachines',
      'resolve',
      '[!UNAVAIL=return]',
      'dns',
    ]);
    expect(readLookUpOrder(lines('passwd: files'))).toBeUndefined();
  });
});

describe('what is mounted over them', () => {
  it('the last mount over a path counts', () => {
    // nerdctl's, with its own files over the image's; the overlay is no mount over a file.
    const text = [
      '700 600 0:51 / / rw - overlay overlay rw,lowerdir=/a:/b',
      '701 700 259:1 /home/ec2-user/.local/share/nerdctl/1935db59/containers/default/d8e2/old /etc/hosts rw - ext4 /dev/root rw',
      '702 700 259:1 /home/ec2-user/.local/share/nerdctl/1935db59/etchosts/default/d8e2/hosts /etc/hosts rw - ext4 /dev/root rw',
      '703 700 0:61 /x /etc/hosts.allow rw - tmpfs tmpfs rw',
    ];
    const { facts } = parseFileMounts(aFrame('mountinfo', text.map((line) => `/proc/9/mountinfo:${line}\n`).join('')), [
      '/etc/hosts',
    ]);
    expect(facts).toMatchObject([{ pid: 9, mountPoint: '/etc/hosts', evidence: { line: 3 } }]);
    expect(facts[0]?.root).toMatch(/etchosts/);
  });
});

describe('a host name', () => {
  it.each([
    ['d8e2d622b3d7\n', 'd8e2d622b3d7'],
    ['(none)\n', undefined],
    ['', undefined],
  ])('%j is %s', (text, name) => expect(parseHostname(text)).toBe(name));
});
