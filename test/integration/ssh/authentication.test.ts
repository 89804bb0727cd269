import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { AuthContext } from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../electron/ssh/connect.ts';
import { startTestServer } from '../../helpers/ssh-test-server.ts';
import type { TestServer } from '../../helpers/ssh-test-server.ts';
import { loopback, newDesk } from '../../helpers/ssh-target.ts';
import type { Desk } from '../../helpers/ssh-target.ts';

let desk: Desk;
let server: TestServer | undefined;
beforeEach(async () => {
  desk = await newDesk();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await desk.clear();
});

const password = { kind: 'password' } as const;
async function serve(authenticate: (context: AuthContext) => void): Promise<number> {
  server = await startTestServer({ authenticate });
  return server.port;
}
const onlyPassword = (context: AuthContext): void => {
  if (context.method === 'password' && context.password === 'right') context.accept();
  else context.reject(['password']);
};

describe('a password', () => {
  it('is asked for until it is right', async () => {
    const port = await serve(onlyPassword);
    const shell = await connect(loopback(port, password), desk.options({ passwords: ['wrong', 'right'] }));
    await shell.close();
    expect(desk.asked.passwords.map(({ again }) => again)).toEqual([false, true]);
  });
  it('is asked for three times at most', async () => {
    const port = await serve(onlyPassword);
    const options = desk.options({ passwords: ['a', 'b', 'c', 'right'] });
    await expect(connect(loopback(port, password), options)).rejects.toMatchObject({
      code: 'authentication-failed',
      reason: 'The host refused a password; it takes password.',
    });
    expect(desk.asked.passwords).toHaveLength(3);
  });
  it('that nobody wants to give cancels', async () => {
    const port = await serve(onlyPassword);
    await expect(connect(loopback(port, password), desk.options())).rejects.toMatchObject({ code: 'cancelled' });
  });
  it('goes through keyboard-interactive where that is what the host takes, with its own question', async () => {
    const port = await serve((context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ' }, { prompt: 'Verification code: ' }], (answers) => {
        if (answers[0] === 'right' && answers[1] === '123456') context.accept();
        else context.reject(['keyboard-interactive']);
      });
    });
    const shell = await connect(loopback(port, password), desk.options({ passwords: ['right', '123456'] }));
    await shell.close();
    expect(desk.asked.passwords).toEqual([
      { again: false, text: undefined },
      { again: false, text: 'Verification code:' },
    ]);
  });
  it('may be stopped in the middle of such questions', async () => {
    const port = await serve((context) => {
      if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
      context.prompt([{ prompt: 'Password: ' }], () => context.reject(['keyboard-interactive']));
    });
    await expect(connect(loopback(port, password), desk.options())).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a key', () => {
  const keyFile = (passphrase = ''): string => {
    const file = path.join(desk.folder, 'id');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-f', file]);
    return file;
  };
  it('that the host refuses fails with what it takes and what to look at', async () => {
    const port = await serve((context) => context.reject(['publickey']));
    const file = keyFile();
    await expect(connect(loopback(port, { kind: 'key', keyFile: file }), desk.options())).rejects.toMatchObject({
      code: 'authentication-failed',
      attempted: `log in as tester@127.0.0.1 port ${port}`,
      reason: `The host refused the key ${file}; it takes publickey.`,
      advice: expect.stringContaining('authorized_keys') as string,
    });
  });
  it('and a second factor', async () => {
    let keyAccepted = false;
    const port = await serve((context) => {
      if (context.method === 'publickey') {
        if (context.signature === undefined) return context.accept();
        keyAccepted = true;
        return context.reject(['password'], true);
      }
      if (keyAccepted && context.method === 'password' && context.password === 'right') return context.accept();
      context.reject(['publickey']);
    });
    const target = loopback(port, { kind: 'key', keyFile: keyFile() });
    await (await connect(target, desk.options({ passwords: ['right'] }))).close();
    expect(keyAccepted).toBe(true);
  });
  it('is not offered where the host takes passwords only', async () => {
    const port = await serve(onlyPassword);
    const target = loopback(port, { kind: 'key', keyFile: keyFile('secret') });
    await expect(connect(target, desk.options())).rejects.toMatchObject({
      code: 'authentication-failed',
      reason: 'The host does not take key; it takes password.',
    });
    expect(desk.asked.passphrases).toEqual([]);
  });
  it('with a passphrase mistyped three times gives up', async () => {
    const port = await serve((context) => context.reject(['publickey']));
    const target = loopback(port, { kind: 'key', keyFile: keyFile('right') });
    await expect(connect(target, desk.options({ passphrases: ['a', 'b', 'c'] }))).rejects.toMatchObject({
      code: 'passphrase-wrong',
    });
    expect(desk.asked.passphrases).toEqual([false, true, true]);
  });
  it('that is not there is left out when there is another way', async () => {
    const port = await serve(onlyPassword);
    const missing = { kind: 'key', keyFile: path.join(desk.folder, 'none') } as const;
    await (await connect(loopback(port, missing, password), desk.options({ passwords: ['right'] }))).close();
    await expect(connect(loopback(port, missing), desk.options())).rejects.toMatchObject({ code: 'key-unreadable' });
  });
});

it('a host that ends it after too many keys is understood', async () => {
  const port = await serve((context) => {
    const connection = [...(server?.connections ?? [])][0];
    if (context.method === 'none') return context.reject(['password']);
    const protocol = (connection as unknown as { _protocol: { disconnect(reason: number): void } })._protocol;
    protocol.disconnect(2);
  });
  await expect(connect(loopback(port, password), desk.options({ passwords: ['x'] }))).rejects.toMatchObject({
    code: 'authentication-failed',
  });
});
