import { expect, it } from 'vitest';
import { snapshotHeader } from '../../../../electron/store/snapshot-header.ts';

const token = '0123456789abcdef0123456789abcdef';
const frame = (section: string, key: string, command: string, output: string): string =>
  `${token} begin user ${section} ${key}\n${token} run ${command}\n${output}\n${token} end 0 10 -\n`;
const begun = [
  `nsatlas-transcript 1 ${token}\n`,
  frame('host', 'id', 'id', 'uid=1000(ec2-user) gid=1000(ec2-user) groups=1000(ec2-user)\n'),
  frame('tool', 'ip', 'ip -V', 'ip utility, iproute2-6.15.0, libbpf 1.5.0\n'),
].join('');
const about = { hostLabel: 'lab', user: 'me', collectedAt: new Date(0), version: '0.1.0' };

it('says who collected, with which tools, and whether it is whole', () => {
  expect(snapshotHeader(Buffer.from(`${begun}${token} done 20\n`), { ...about, profileId: 'p' })).toEqual({
    formatVersion: 1,
    host: 'lab',
    collectedAt: '1970-01-01T00:00:00.000Z',
    user: 'ec2-user',
    nsatlas: '0.1.0',
    tools: { ip: 'ip utility, iproute2-6.15.0, libbpf 1.5.0' },
    complete: true,
    profileId: 'p',
  });
});
it('is made of a transcript that broke off, too', () => {
  expect(snapshotHeader(Buffer.from(begun.slice(0, 200)), about)).toMatchObject({ complete: false });
  expect(snapshotHeader(Buffer.from(`nsatlas-transcript 1 ${token}\n`), about)).toMatchObject({
    user: 'me',
    tools: {},
    complete: false,
  });
});
