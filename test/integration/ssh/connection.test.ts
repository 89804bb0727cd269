import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../../electron/ssh/connect.ts';
import { startTestServer } from '../../helpers/ssh-test-server.ts';
import type { TestServer } from '../../helpers/ssh-test-server.ts';
import { loopback, newDesk, outputOf } from '../../helpers/ssh-target.ts';
import type { Desk } from '../../helpers/ssh-target.ts';

let desk: Desk;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  desk = await newDesk();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  await desk.clear();
});
async function serve(options?: Parameters<typeof startTestServer>[0]): Promise<TestServer> {
  const server = await startTestServer(options);
  ends.push(() => server.close());
  return server;
}
const never = (): AbortSignal => new AbortController().signal;

describe('where no SSH server answers', () => {
  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  it('a closed port is refused', async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    await expect(connect(loopback(port), desk.options())).rejects.toMatchObject({
      code: 'refused',
      attempted: `connect to tester@127.0.0.1 port ${port}`,
    });
  });
  it('a name without an address is said to be one', async () => {
    const target = { ...loopback(22), host: 'nowhere.invalid' };
    await expect(connect(target, desk.options())).rejects.toMatchObject({ code: 'host-unknown-name' });
  });
  it.each([
    ['hangs up', (socket: Socket) => socket.end(), /hung up/],
    ['speaks HTTP', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), /./],
  ])('a server that %s', async (_what, answer, reason) => {
    const server = createServer((socket) => answer(socket.on('error', () => undefined).resume()));
    const port = await listen(server);
    ends.push(() => new Promise((resolve) => server.close(resolve)));
    await expect(connect(loopback(port), desk.options())).rejects.toMatchObject({
      code: 'handshake-failed',
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('a command', () => {
  it('has its streams and its exit status', async () => {
    const server = await serve();
    const shell = await connect(loopback(server.port), desk.options());
    const command = await shell.run('sh -s', never());
    command.stdin.end('hello');
    expect(await outputOf(command)).toEqual({ stdout: 'ran sh -s\nhello', stderr: 'warned\n' });
    expect(await command.finished).toEqual({ status: 3 });
    await shell.close();
    await shell.close();
  });
  it('may be ended by a signal', async () => {
    const server = await serve({
      run: (_command, channel) => {
        channel.exit('KILL');
        channel.end();
      },
    });
    const shell = await connect(loopback(server.port), desk.options());
    const command = await shell.run('x', never());
    await outputOf(command);
    expect(await command.finished).toEqual({ status: undefined, signal: 'KILL' });
    await shell.close();
  });
  it('gives everything that arrived before the connection broke, then fails', async () => {
    const server = await serve({ run: (_command, channel) => void channel.write('half an ans') });
    const shell = await connect(loopback(server.port), desk.options());
    const command = await shell.run('x', never());
    setTimeout(() => server.cut(), 100);
    expect(await outputOf(command)).toEqual({ stdout: 'half an ans', stderr: '' });
    await expect(command.finished).rejects.toMatchObject({ code: 'channel-lost' });
    await expect(shell.run('y', never())).rejects.toMatchObject({ code: 'channel-lost' });
    await shell.close();
  });
  it('fails alike when the connection breaks in the middle of megabytes, read slowly and written to', async () => {
    const server = await serve({
      run: (_command, channel) => {
        const more = (): void => void channel.write(Buffer.alloc(100_000, 'x'), more);
        more();
        channel.resume();
      },
    });
    const shell = await connect(loopback(server.port), desk.options());
    const stop = new AbortController();
    const command = await shell.run('x', stop.signal);
    const writing = setInterval(() => command.stdin.write(Buffer.alloc(100_000)), 1);
    setTimeout(() => server.cut(), 300);
    let bytes = 0;
    for await (const chunk of command.stdout) {
      bytes += chunk.length;
      await sleep(1);
    }
    await expect(command.finished).rejects.toMatchObject({ code: 'channel-lost' });
    stop.abort();
    await sleep(50);
    clearInterval(writing);
    expect(bytes).toBeGreaterThan(100_000);
    await shell.close();
  });
  it('that is cancelled ends at once, here and there', async () => {
    const there: string[] = [];
    const server = await serve({
      run: (_command, channel, session) => {
        channel.write('begun');
        session.onSignal = (name) => there.push(name);
        channel.resume().on('close', () => there.push('closed'));
      },
    });
    const shell = await connect(loopback(server.port), desk.options());
    const stop = new AbortController();
    const command = await shell.run('x', stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect((await outputOf(command)).stdout).toBe('begun');
    expect(await command.finished).toEqual({ status: undefined });
    await expect.poll(() => there).toEqual(['TERM', 'closed']);
    await shell.close();
  });
  it('of the wrong user fails with the right one, without waiting', async () => {
    const server = await serve({
      run: (_command, channel) => {
        channel.write('Please login as the user "ec2-');
        setTimeout(() => channel.write('user" rather than the user "root".\n\n'), 20);
      },
    });
    const shell = await connect({ ...loopback(server.port), user: 'root' }, desk.options());
    const command = await shell.run('sh -s', never());
    await outputOf(command);
    await expect(command.finished).rejects.toMatchObject({
      code: 'wrong-user',
      advice: 'Change the user to ec2-user.',
    });
    await shell.close();
  });
  it('passes megabytes through a slow reader', async () => {
    const size = 8 * 1024 * 1024;
    const server = await serve({
      run: (_command, channel) => {
        channel.end(Buffer.alloc(size, 'x'), () => {
          channel.exit(0);
          channel.close();
        });
      },
    });
    const shell = await connect(loopback(server.port), desk.options());
    const command = await shell.run('x', never());
    let bytes = 0;
    for await (const chunk of command.stdout) {
      bytes += chunk.length;
      if (bytes < 200_000) await sleep(5);
    }
    expect(bytes).toBe(size);
    await shell.close();
  });
});

describe('cancelling while it connects', () => {
  it('while a person is asked about the host key', async () => {
    const server = await serve();
    const stop = new AbortController();
    const options = desk.options({}, stop.signal);
    const questions = { ...options.questions, unknownHostKey: () => new Promise<boolean>(() => stop.abort()) };
    await expect(connect(loopback(server.port), { ...options, questions })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await expect.poll(() => server.connections.size).toBe(0);
  });
  it('before it began', async () => {
    const server = await serve();
    await expect(connect(loopback(server.port), desk.options({}, AbortSignal.abort()))).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
