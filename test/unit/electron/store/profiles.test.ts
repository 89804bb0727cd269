import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProfileStore } from '../../../../electron/store/profiles.ts';
import type { ProfileFields } from '../../../../shared/ipc/contract.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nsatlas-store-'));
  file = path.join(folder, 'profiles.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fields = (name: string): ProfileFields => ({
  name,
  host: `${name}.example`,
  port: 22,
  user: 'me',
  authentication: 'key',
  keyFile: '/k',
  sudo: 'never',
});
const open = async () => ProfileStore.open(file);
const names = (store: ProfileStore): readonly string[] => store.list().map((profile) => profile.name);

describe('profiles', () => {
  it('are there after the next start, in a file for their owner alone', async () => {
    const { store } = await open();
    const saved = await store.save(fields('one'));
    expect((await open()).store.list()).toEqual([saved]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ formatVersion: 1, profiles: [saved] });
    expect(await readdir(folder)).toEqual(['profiles.json']);
  });
  it('change by id, keep their place, and are all kept when saved at once', async () => {
    const { store } = await open();
    const [one] = await Promise.all([
      store.save(fields('one')),
      store.save(fields('two')),
      store.save(fields('three')),
    ]);
    await store.save(fields('uno'), one.id);
    expect(names(store)).toEqual(['uno', 'two', 'three']);
    expect(names((await open()).store)).toEqual(['uno', 'two', 'three']);
  });
  it('that make no sense are refused with every field', async () => {
    const { store } = await open();
    await expect(store.save({ ...fields('x'), host: 'a b', port: 0 })).rejects.toMatchObject({
      code: 'invalid',
      reason: 'host: has-spaces, port: not-a-port',
    });
    await expect(store.save(fields('x'), 'nobody')).rejects.toMatchObject({ code: 'not-found' });
    expect(store.list()).toEqual([]);
  });
  it('come back where they were after undo, once', async () => {
    const { store } = await open();
    await store.save(fields('one'));
    const two = await store.save(fields('two'));
    await store.save(fields('three'));
    await store.delete(two.id);
    expect(names((await open()).store)).toEqual(['one', 'three']);
    expect(await store.undelete(two.id)).toEqual(two);
    expect(names((await open()).store)).toEqual(['one', 'two', 'three']);
    await expect(store.undelete(two.id)).rejects.toMatchObject({ code: 'not-found' });
    await expect(store.delete('nobody')).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a damaged file', () => {
  it('is set aside with a message, and nothing is lost', async () => {
    await writeFile(file, '{"formatVersion":1,"profiles":[{');
    const { store, notice } = await open();
    expect(store.list()).toEqual([]);
    expect(notice).toMatchObject({ code: 'file-damaged', reason: expect.stringMatching(/not JSON/) as string });
    const aside = (await readdir(folder)).find((name) => name.includes('damaged')) ?? '';
    expect(notice?.advice).toContain(aside);
    expect(await readFile(path.join(folder, aside), 'utf8')).toBe('{"formatVersion":1,"profiles":[{');
    await store.save(fields('new'));
    expect(await readdir(folder)).toHaveLength(2);
  });
  it('of a newer version too', async () => {
    await writeFile(file, '{"formatVersion":2,"profiles":[]}');
    expect((await open()).notice).toMatchObject({ reason: expect.stringMatching(/formatVersion/) as string });
  });
  it('costs only the profile that makes no sense; the whole is kept beside', async () => {
    const { store } = await open();
    await store.save(fields('good'));
    const content = JSON.parse(await readFile(file, 'utf8')) as { profiles: unknown[] };
    content.profiles.push({ ...fields('bad'), id: 'x', password: 'hunter2' });
    await writeFile(file, JSON.stringify(content));
    const again = await open();
    expect(names(again.store)).toEqual(['good']);
    expect(again.notice?.reason).toBe('1 of 2 profiles make no sense.');
    expect((await readdir(folder)).sort()).toHaveLength(2);
  });
  it('that is a folder is a failure', async () => {
    await expect(ProfileStore.open(folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  });
});
