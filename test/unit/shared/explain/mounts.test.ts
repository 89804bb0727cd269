// Mounts in the inspector: what is a namespace's own, where it comes from, how it spreads.
import { describe, expect, it } from 'vitest';
import { describeText } from '../../../../shared/explain/describe-text.ts';
import { explain } from '../../../../shared/explain/explain.ts';
import { resolveModel } from '../../../../shared/resolve/resolve.ts';
import { assemble } from '../../../../shared/snapshot/assemble.ts';
import { aFrame, aTranscript } from '../../../helpers/frames.ts';
import { processFrames } from '../../../helpers/process-frames.ts';

const hosts = [
  '20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '21 20 0:5 / /proc rw shared:2 - proc proc rw',
  '22 20 8:2 / /srv rw shared:3 - xfs /dev/sdb1 rw',
  '23 22 0:6 / /srv/over rw - tmpfs tmpfs rw',
  '24 20 0:4 net:[4] /run/netns/blue rw - nsfs nsfs rw',
];
const containers = [
  '50 40 0:30 / / rw - overlay overlay rw,lowerdir=x',
  '51 50 0:31 / /proc rw - proc proc rw',
  '52 50 8:2 /data /data ro,idmapped master:3 - xfs /dev/sdb1 rw',
  '53 50 8:2 /over/it /lost rw - xfs /dev/sdb1 rw',
  '54 50 8:9 / /cd rw unbindable - iso9660 /dev/sr0 ro',
  '55 52 0:33 / /data rw shared:9 master:77 propagate_from:3 - tmpfs tmpfs rw',
  '56 51 0:5 / /proc/host rw master:2 - proc proc rw',
];
const unit = ['70 60 8:1 / / rw,relatime shared:9 master:1 - ext4 /dev/sda1 rw', ...hosts.slice(1, 2)];

const modelOf = (tables: Readonly<Record<number, readonly string[]>>, closed = false) => {
  const text = Object.entries(tables).flatMap(([pid, lines]) =>
    lines.map((line) => `/proc/${pid}/mountinfo:${line}\n`),
  );
  return resolveModel(
    assemble(
      aTranscript([
        ...processFrames([
          { pid: 1, ppid: 0 },
          { pid: 30, name: 'web', inodes: closed ? null : { mnt: 77 } },
          { pid: 31, name: 'unit', inodes: { mnt: 78 } },
        ]),
        aFrame('mountinfo', text.join('')),
      ]),
    ),
  );
};
const said = (model: ReturnType<typeof modelOf>, id: string) =>
  explain(model, id)?.groups.find(({ title }) => title === 'Mounts')?.facts ?? [];
const lines = (model: ReturnType<typeof modelOf>, id: string) =>
  said(model, id).map(({ label, value }) => `${label} ${value}`);

describe('mounts of a mount namespace', () => {
  const model = modelOf({ 1: hosts, 30: containers, 31: unit });

  it('say path, type, source or the path on the host, options, propagation, and what is covered', () => {
    expect(lines(model, 'mnt:[77]')).toEqual([
      'Mounts 7 mounts',
      'overlay /',
      'iso9660 /cd · /dev/sr0 · file system read-only · unbindable',
      'xfs /data · /srv/data of the host · read-only · idmapped · master:3 in host · covered by another mount',
      'tmpfs /data · shared:9 with ns of unit[31] · master:77 · propagate_from:3',
      // On the host something else is mounted where it would be.
      'xfs /lost · /dev/sdb1[/over/it]',
      'proc /proc',
      'proc /proc/host · /proc of the host · master:2 in host, ns of unit[31]',
    ]);
  });

  it('of the host are all listed, with the namespace that is mounted', () => {
    expect(lines(model, 'mnt:[3]')).toEqual([
      'Mounts 5 mounts',
      'ext4 / · /dev/sda1 · shared:1',
      'nsfs /run/netns/blue · [net:[4]]',
      'xfs /srv · /dev/sdb1 · shared:3',
      'tmpfs /srv/over',
      'proc /proc · shared:2 with ns of unit[31]',
    ]);
    expect(said(model, 'mnt:[3]')[2]).toMatchObject({ entity: 'net:[4]' });
  });

  it('have a line behind each', () => {
    const evidence = said(model, 'mnt:[77]')
      .slice(1, 3)
      .map((fact) => fact.evidence);
    expect(evidence).toMatchObject([[{ section: 'mountinfo', line: 6 }], [{ section: 'mountinfo', line: 10 }]]);
  });

  it('that are as on the host are counted', () => {
    const [all, ...own] = lines(model, 'mnt:[78]');
    expect(all).toBe('Mounts 2 mounts, 2 of them as on the host');
    expect(own).toEqual([]);
    expect(describeText(model)).toContain('mnt:[78] · 1 process · 2 mounts, 2 of them as on the host\n');
  });

  it('are the first forty, and how many more', () => {
    const many = Array.from(
      { length: 100 },
      (_, i) => `${100 + i} 50 0:${100 + i} / /m/${100 + i} rw - tmpfs tmpfs rw`,
    );
    const facts = lines(modelOf({ 30: many }), 'mnt:[77]');
    expect(facts).toHaveLength(42);
    expect([facts[0], facts[1], facts[41]]).toEqual(['Mounts 100 mounts', 'tmpfs /m/100', 'Mounts and 60 more']);
  });

  it('are a process’s where its namespace is closed to us', () => {
    const closed = modelOf({ 1: hosts, 30: containers }, true);
    expect(lines(closed, 'process:30')[0]).toBe('Mounts 7 mounts');
    expect(lines(model, 'process:30')).toEqual([]);
  });
});
