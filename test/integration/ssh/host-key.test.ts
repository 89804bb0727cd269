import { readFile, stat, writeFile } from 'node:fs/promises';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../electron/ssh/connect.ts';
import { fingerprint } from '../../../electron/ssh/host-key.ts';
import { knownHostsLine } from '../../../electron/ssh/known-hosts.ts';
import { newKey, publicKey, startTestServer } from '../../helpers/ssh-test-server.ts';
import type { TestServer } from '../../helpers/ssh-test-server.ts';
import { loopback, newDesk } from '../../helpers/ssh-target.ts';
import type { Desk } from '../../helpers/ssh-target.ts';

let desk: Desk;
let server: TestServer;
beforeEach(async () => {
  desk = await newDesk();
  server = await startTestServer();
});
afterEach(async () => {
  await server.close();
  await desk.clear();
});
const key = (): Buffer => publicKey(server.hostKeys[0] ?? '');
const line = (of: Buffer, type = 'ssh-ed25519'): string => knownHostsLine('127.0.0.1', server.port, type, of);

describe('an unknown host key', () => {
  it('is asked for by its fingerprint, remembered in our own file, and not asked for again', async () => {
    const target = loopback(server.port);
    await (await connect(target, desk.options())).close();
    expect(desk.asked.hostKeys).toEqual([
      {
        host: '127.0.0.1',
        port: server.port,
        keyType: 'ssh-ed25519',
        fingerprint: fingerprint(key()),
        alsoKnownAs: [],
      },
    ]);
    expect(await readFile(desk.knownHosts, 'utf8')).toBe(line(key()));
    expect((await stat(desk.knownHosts)).mode & 0o777).toBe(0o600);
    await expect(stat(desk.usersKnownHosts)).rejects.toThrow(/ENOENT/);
    await (await connect(target, desk.options())).close();
    expect(desk.asked.hostKeys).toHaveLength(1);
  });
  it('that is refused ends it, and nothing is remembered', async () => {
    await expect(connect(loopback(server.port), desk.options({ hostKey: false }))).rejects.toMatchObject({
      code: 'host-key-rejected',
    });
    await expect(stat(desk.knownHosts)).rejects.toThrow(/ENOENT/);
  });
  it('says where else the key is known', async () => {
    await writeFile(desk.usersKnownHosts, `old.example ssh-ed25519 ${key().toString('base64')}\n`);
    await (await connect(loopback(server.port), desk.options())).close();
    expect(desk.asked.hostKeys[0]?.alsoKnownAs).toEqual(['old.example']);
  });
});

describe('a known host key', () => {
  it("in the user's own file is enough, and that file stays as it is", async () => {
    await writeFile(desk.usersKnownHosts, line(key()));
    await (await connect(loopback(server.port), desk.options({ hostKey: false }))).close();
    expect(desk.asked.hostKeys).toEqual([]);
    expect(await readFile(desk.usersKnownHosts, 'utf8')).toBe(line(key()));
  });
  it('given with the target is enough', async () => {
    const target = { ...loopback(server.port), trustedHostKeys: [key()] };
    await (await connect(target, desk.options({ hostKey: false }))).close();
    expect(desk.asked.hostKeys).toEqual([]);
  });
  it('of a second type is asked for first, so the host is no stranger', async () => {
    const rsa = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;
    const both = await startTestServer({ hostKeys: [newKey(), rsa] });
    try {
      await writeFile(desk.usersKnownHosts, knownHostsLine('127.0.0.1', both.port, 'ssh-rsa', publicKey(rsa)));
      await (await connect(loopback(both.port), desk.options({ hostKey: false }))).close();
      expect(desk.asked.hostKeys).toEqual([]);
    } finally {
      await both.close();
    }
  });
});

describe('a changed host key', () => {
  it('is refused with both fingerprints, file, line and the way out; nobody is asked', async () => {
    const old = publicKey(newKey());
    await writeFile(desk.usersKnownHosts, `# mine\n${line(old)}`);
    const failure = await connect(loopback(server.port), desk.options()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'host-key-changed' });
    const { reason, advice } = failure as { reason: string; advice: string };
    for (const part of [fingerprint(old), fingerprint(key()), `${desk.usersKnownHosts} line 2`])
      expect(reason).toContain(part);
    expect(advice).toContain(`ssh-keygen -R '[127.0.0.1]:${server.port}' -f '${desk.usersKnownHosts}'`);
    expect(desk.asked.hostKeys).toEqual([]);
  });
  it('that is revoked is refused although it is known', async () => {
    await writeFile(desk.usersKnownHosts, `${line(key())}@revoked * ssh-ed25519 ${key().toString('base64')}\n`);
    await expect(connect(loopback(server.port), desk.options())).rejects.toMatchObject({ code: 'host-key-revoked' });
  });
});

it('a known-hosts file that cannot be read is a failure, not an empty file', async () => {
  const options = desk.options();
  const knownHosts = { ...options.knownHosts, read: [desk.folder] };
  await expect(connect(loopback(server.port), { ...options, knownHosts })).rejects.toMatchObject({
    code: 'known-hosts-unreadable',
  });
});
