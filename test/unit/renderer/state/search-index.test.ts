import { expect, test } from 'vitest';
import { search, searchIndex } from '../../../../renderer/state/search-index.ts';
import { articleModel } from '../../../helpers/article-model.ts';

const model = articleModel();
const index = searchIndex(model);
const found = (query: string) => search(index, query, 40).entries;

test('an address leads to its interface first', () => {
  expect(found('10.4.0.9')[0]).toMatchObject({ kind: 'link', label: 'eth0' });
  expect(found('10.4.0.9/24')[0]).toMatchObject({ kind: 'link', label: 'eth0' });
});

test('a PID leads to its process first, with or without the word', () => {
  expect(found('126799')[0]).toMatchObject({ kind: 'process', label: 'nginx' });
  expect(found('pid 126799')[0]).toMatchObject({ kind: 'process', label: 'nginx' });
});

test('an inode leads to its namespace', () => {
  expect(found('4026532280')[0]).toMatchObject({ kind: 'namespace', id: 'net:[4026532280]' });
});

test('a name leads to what is called so before what is in it', () => {
  expect(found('rootlesskit child')[0]).toMatchObject({ kind: 'namespace', id: 'net:[4026532201]' });
  expect(found('nginx-d8e2d')[0]).toMatchObject({ kind: 'container', label: 'nginx-d8e2d' });
});

test('arguments are searched, every word has to be there, and case does not matter', () => {
  expect(found('--DETACH-netns').map((one) => one.label)).toContain('rootlesskit');
  expect(found('slirp4netns 122373')).toHaveLength(1);
  expect(found('slirp4netns 999999999')).toEqual([]);
});

test('a published port is found by its number', () => {
  expect(found('8080').some((one) => one.kind === 'forward')).toBe(true);
});

test('no words, no results; more than wanted are counted', () => {
  expect(search(index, '  ', 40)).toEqual({ entries: [], total: 0 });
  const few = search(index, 'e', 2);
  expect(few.entries).toHaveLength(2);
  expect(few.total).toBeGreaterThan(2);
});
