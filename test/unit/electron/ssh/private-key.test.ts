import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPrivateKey } from '../../../../electron/ssh/private-key.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nsatlas-key-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
function file(text: string): string {
  const name = path.join(folder, `key-${(count += 1)}`);
  writeFileSync(name, text, { mode: 0o600 });
  return name;
}

function keygen(type: string, passphrase: string, ...more: readonly string[]): string {
  const name = path.join(folder, `gen-${(count += 1)}`);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', name, ...more]);
  return name;
}

/** The public half that ssh2 gets out of the unlocked key, base64. */
async function publicHalf(keyFile: string, passphrase?: string): Promise<string | undefined> {
  const key = await readPrivateKey(keyFile);
  expect(key.encrypted).toBe(passphrase !== undefined);
  const unlocked = key.unlock(passphrase);
  if (unlocked === undefined) return undefined;
  const parsed = ssh2.utils.parseKey(unlocked.key, unlocked.passphrase);
  if (parsed instanceof Error) throw parsed;
  const data = Buffer.from('to be signed');
  expect(parsed.verify(data, parsed.sign(data))).toBe(true);
  return parsed.getPublicSSH().toString('base64');
}

describe('keys of ssh-keygen', () => {
  it.each(['ed25519', 'rsa', 'ecdsa'])('%s, plain and with a passphrase', async (type) => {
    for (const passphrase of ['', 'correct horse']) {
      const name = keygen(type, passphrase);
      const expected = readFileSync(`${name}.pub`, 'utf8').split(' ')[1];
      expect(await publicHalf(name, passphrase === '' ? undefined : passphrase)).toBe(expected);
    }
  });
  it('tells a wrong passphrase', async () => {
    const key = await readPrivateKey(keygen('ed25519', 'right'));
    expect(key.unlock('wrong')).toBeUndefined();
    expect(key.unlock('')).toBeUndefined();
    expect(key.unlock('right')).toBeDefined();
  });
  it('reads PEM written by ssh-keygen -m, with a passphrase too', async () => {
    const rsa = keygen('rsa', 'right', '-m', 'PEM');
    expect(await publicHalf(rsa, 'right')).toBe(readFileSync(`${rsa}.pub`, 'utf8').split(' ')[1]);
    expect(await publicHalf(rsa, 'wrong')).toBeUndefined();
    const pkcs8 = keygen('ecdsa', '', '-m', 'PKCS8');
    expect(await publicHalf(pkcs8)).toBe(readFileSync(`${pkcs8}.pub`, 'utf8').split(' ')[1]);
  });
});

describe('PKCS#8', () => {
  const pairs = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ec: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ed25519: generateKeyPairSync('ed25519'),
  };
  it.each(['rsa', 'ec', 'ed25519'] as const)('%s is converted, plain and encrypted', async (type) => {
    const { privateKey } = pairs[type];
    const plain = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const locked = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'right' })
      .toString();
    const half = await publicHalf(file(plain));
    expect(half).toBeDefined();
    expect(await publicHalf(file(locked), 'right')).toBe(half);
    expect(await publicHalf(file(locked), 'wrong')).toBeUndefined();
    const raw = createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '';
    if (type === 'ed25519')
      expect(Buffer.from(half ?? '', 'base64').subarray(-32)).toEqual(Buffer.from(raw, 'base64url'));
  });
  it('says so when the type is of no use', async () => {
    const { privateKey } = generateKeyPairSync('x25519');
    const key = await readPrivateKey(file(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()));
    expect(() => key.unlock()).toThrow(expect.objectContaining({ code: 'key-format' }));
  });
});

describe('files that are something else', () => {
  it.each([
    ['PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\n', /PuTTY/, /puttygen .* -O private-openssh/],
    ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 me@here\n', /public half/, /without \.pub/],
    ['-----BEGIN DSA PRIVATE KEY-----\nAA==\n-----END DSA PRIVATE KEY-----\n', /DSA/, /ssh-keygen -t ed25519/],
    ['hello\n', /not a private key/, /BEGIN/],
    ['', /not a private key/, /BEGIN/],
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', /cannot be used/, /ssh-keygen/],
  ])('%j', async (text, reason, advice) => {
    await expect(readPrivateKey(file(text))).rejects.toMatchObject({
      code: 'key-format',
      reason: expect.stringMatching(reason) as string,
      advice: expect.stringMatching(advice) as string,
    });
  });
  it('a damaged PEM key is told apart from a locked one', async () => {
    const key = await readPrivateKey(file('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'));
    expect(() => key.unlock()).toThrow(expect.objectContaining({ code: 'key-format' }));
  });
  it('a cipher that is not supported comes with the command that changes it', async () => {
    const key = await readPrivateKey(keygen('ed25519', 'right', '-Z', 'chacha20-poly1305@openssh.com'));
    expect(() => key.unlock('right')).toThrow(
      expect.objectContaining({ code: 'key-format', advice: expect.stringContaining('-Z aes256-ctr') as string }),
    );
  });
  it('nothing there, a folder, something huge', async () => {
    const folderFile = path.join(folder, 'folder');
    mkdirSync(folderFile);
    const huge = file('x'.repeat(70_000));
    for (const [name, reason] of [
      [path.join(folder, 'nothing'), /no such file/],
      [folderFile, /not a file/],
      [huge, /too large/],
    ] as const)
      await expect(readPrivateKey(name)).rejects.toMatchObject({
        code: 'key-unreadable',
        reason: expect.stringMatching(reason) as string,
      });
    chmodSync(huge, 0o600);
  });
});
