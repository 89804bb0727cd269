import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSnapshotFile, readSnapshotHeader, writeSnapshotFile } from '../../../../electron/store/snapshot-file.ts';
import { SnapshotStore } from '../../../../electron/store/snapshots.ts';
import type { SnapshotHeader } from '../../../../shared/snapshot/codec.ts';

let base: string;
let folder: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), 'nsatlas-snapshots-'));
  folder = path.join(base, 'snapshots');
});
afterEach(() => rm(base, { recursive: true, force: true }));

const header = (host: string, collectedAt: string): SnapshotHeader => ({
  formatVersion: 1,
  host,
  collectedAt,
  user: 'ec2-user',
  nsatlas: '0.1.0',
  tools: { ip: 'ip utility, iproute2-6.15.0' },
  complete: true,
  profileId: 'p1',
});
/** Bytes that are no UTF-8 have to come back as they were. */
const transcript = Buffer.concat([Buffer.from('nsatlas-transcript 1 00\n'), Buffer.from([0, 255, 254, 10, 13])]);
const at = (day: number): string => `2026-01-0${day}T00:00:00.000Z`;

describe('a snapshot file', () => {
  it('comes back byte for byte', async () => {
    const file = path.join(base, 'a.nsatlas');
    await writeSnapshotFile(file, header('ホスト', at(1)), transcript);
    const read = await readSnapshotFile(file);
    expect(read.header).toEqual(header('ホスト', at(1)));
    expect(Buffer.from(read.transcript)).toEqual(transcript);
    expect(gunzipSync(await readFile(file)).subarray(-5)).toEqual(transcript.subarray(-5));
  });
  it('shows its header although its end is missing', async () => {
    const file = path.join(base, 'a.nsatlas');
    const long = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251));
    await writeSnapshotFile(file, header('h', at(1)), long);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.length / 2));
    expect(await readSnapshotHeader(file)).toMatchObject({
      header: { host: 'h' },
      bytes: Math.floor(whole.length / 2),
    });
    await expect(readSnapshotFile(file)).rejects.toMatchObject({ code: 'file-damaged' });
  });
  it.each([
    ['text', Buffer.from('hello'), 'file-damaged'],
    ['gzip of text', gzipSync('hello\n'), 'file-damaged'],
    ['nothing', Buffer.alloc(0), 'file-damaged'],
    ['a newer format', gzipSync('{"formatVersion":99}\n'), 'file-newer'],
  ])('that holds %s is said to be none', async (_what, bytes, code) => {
    const file = path.join(base, 'x.nsatlas');
    await writeFile(file, bytes);
    await expect(readSnapshotFile(file)).rejects.toMatchObject({ code });
    await expect(readSnapshotHeader(file)).rejects.toMatchObject({ code });
  });
  it('that is not there is said to be missing', async () => {
    await expect(readSnapshotFile(path.join(base, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' });
    await expect(readSnapshotHeader(path.join(base, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
  it('is not left half written where it cannot be written', async () => {
    await writeFile(path.join(base, 'file'), '');
    const file = path.join(base, 'file', 'x.nsatlas');
    await expect(writeSnapshotFile(file, header('h', at(1)), transcript)).rejects.toMatchObject({
      code: 'file-unwritable',
    });
    expect(await readdir(base)).toEqual(['file']);
  });
});

describe('the cache', () => {
  it('lists newest first and leaves out what makes no sense, with a word about it', async () => {
    const store = await SnapshotStore.open(folder);
    const old = await store.add(header('a', at(1)), transcript);
    const young = await store.add(header('b', at(3)), transcript);
    await writeFile(path.join(folder, 'broken.nsatlas'), 'x');
    await writeFile(path.join(folder, 'notes.txt'), 'x');
    const { snapshots, problems } = await store.list();
    expect(snapshots).toEqual([young, old]);
    expect(young).toMatchObject({ hostLabel: 'b', profileId: 'p1', user: 'ec2-user', complete: true });
    expect(problems.map((problem) => problem.code)).toEqual(['file-damaged']);
    expect(Buffer.from((await store.read(old.id)).transcript)).toEqual(transcript);
  });
  it('takes a deletion back until the next start', async () => {
    const store = await SnapshotStore.open(folder);
    const one = await store.add(header('a', at(1)), transcript);
    const two = await store.add(header('b', at(2)), transcript);
    await store.delete(one.id);
    await store.delete(two.id);
    expect((await store.list()).snapshots).toEqual([]);
    expect(await store.undelete(one.id)).toEqual(one);
    const next = await SnapshotStore.open(folder);
    await expect(next.undelete(two.id)).rejects.toMatchObject({ code: 'not-found' });
    expect((await next.list()).snapshots).toEqual([one]);
    await expect(next.delete(two.id)).rejects.toMatchObject({ code: 'not-found' });
  });
  it('opens files from elsewhere without touching them', async () => {
    const file = path.join(base, 'mine.nsatlas');
    await writeSnapshotFile(file, header('elsewhere', at(1)), transcript);
    const store = await SnapshotStore.open(folder);
    const { summary } = await store.openFile(file);
    expect(summary).toMatchObject({ hostLabel: 'elsewhere', external: true, profileId: undefined });
    expect((await store.openFile(file)).summary.id).toBe(summary.id);
    expect((await store.list()).snapshots).toEqual([]);
    await store.delete(summary.id);
    expect((await readSnapshotFile(file)).header.host).toBe('elsewhere');
    await expect(store.openFile(path.join(base, 'none'))).rejects.toMatchObject({ code: 'file-unreadable' });
  });
  it('saves a copy that is the same file', async () => {
    const store = await SnapshotStore.open(folder);
    const { id } = await store.add(header('a', at(1)), transcript);
    const copy = path.join(base, 'copy.nsatlas');
    await store.saveCopy(id, copy);
    expect(await readFile(copy)).toEqual(await readFile(path.join(folder, `${id}.nsatlas`)));
    await expect(store.saveCopy(id, path.join(base, 'no', 'copy'))).rejects.toMatchObject({ code: 'file-unwritable' });
    expect((await readdir(base)).sort()).toEqual(['copy.nsatlas', 'snapshots']);
  });
});
