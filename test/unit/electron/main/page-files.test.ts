import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageFile } from '../../../../electron/main/page-files.ts';

let base: string;
let folder: string;
beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), 'nsatlas-page-'));
  folder = path.join(base, 'renderer');
  mkdirSync(path.join(folder, 'assets'), { recursive: true });
  writeFileSync(path.join(folder, 'index.html'), '<p>');
  writeFileSync(path.join(folder, 'assets', 'a b.js'), '1');
  writeFileSync(path.join(folder, 'secret'), 'x');
  writeFileSync(path.join(base, 'outside.html'), 'x');
  mkdirSync(path.join(base, 'renderer-2'));
  writeFileSync(path.join(base, 'renderer-2', 'x.html'), 'x');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('the page', () => {
  it('gets its files with their types and the policy that binds them', async () => {
    const file = await readPageFile(folder, 'app://nsatlas/index.html');
    expect(file.status).toBe(200);
    expect(Buffer.from(file.body ?? []).toString()).toBe('<p>');
    expect(file.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    const policy = file.headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
    expect((await readPageFile(folder, 'app://nsatlas/assets/a%20b.js?x#y')).status).toBe(200);
  });
  it.each([
    'app://nsatlas/../outside.html',
    'app://nsatlas/..%2foutside.html',
    'app://nsatlas/%2e%2e/outside.html',
    'app://nsatlas/..%5coutside.html',
    'app://nsatlas/..%2frenderer-2/x.html',
    'app://nsatlas/index.html%00.js',
    'app://nsatlas/%zz',
    'app://nsatlas/',
    'app://nsatlas/assets',
    'app://nsatlas/secret',
    'app://nsatlas/none.html',
    'app://elsewhere/index.html',
    'file:///etc/passwd',
    'https://nsatlas/index.html',
    'nonsense',
  ])('gets nothing at %s', async (url) => {
    expect(await readPageFile(folder, url)).toMatchObject({ status: 404, body: null });
  });
});
