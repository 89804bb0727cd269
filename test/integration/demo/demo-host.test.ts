import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDemoHost } from '../../../electron/demo/demo-host.ts';
import type { DemoHost } from '../../../electron/demo/demo-host.ts';
import { connect } from '../../../electron/ssh/connect.ts';
import type { SshTarget } from '../../../electron/ssh/target.ts';
import { newDesk, outputOf } from '../../helpers/ssh-target.ts';
import type { Desk } from '../../helpers/ssh-target.ts';
import { newKey } from '../../helpers/ssh-test-server.ts';

const old = '0123456789abcdef0123456789abcdef';
const fresh = 'ffffffffffffffffffffffffffffffff';
const captured = `nsatlas-transcript 1 ${old}\n${old} begin user host uname\n${old} run uname\nLinux\n\n${old} end 0 10 -\n${old} done 10\n`;

let host: DemoHost;
let desk: Desk;
beforeAll(async () => {
  host = await startDemoHost(Buffer.from(captured));
  desk = await newDesk();
});
afterAll(async () => {
  await host.close();
  await desk.clear();
});
const target = (privateKey = host.privateKey): SshTarget => ({
  host: '127.0.0.1',
  port: host.port,
  user: host.user,
  authentication: [{ kind: 'held-key', privateKey }],
  trustedHostKeys: [host.hostKey],
});
const never = (): AbortSignal => new AbortController().signal;

describe('the demo host', () => {
  it('answers the collector with what was captured, under its token, and asks nobody anything', async () => {
    const shell = await connect(target(), desk.options({ hostKey: false }));
    const command = await shell.run('sh -s', never());
    command.stdin.end(`token=${fresh}\nmain </dev/null\n`);
    expect((await outputOf(command)).stdout).toBe(captured.replaceAll(old, fresh));
    expect(await command.finished).toEqual({ status: 0 });
    await shell.close();
    expect(desk.asked.hostKeys).toEqual([]);
  });
  it('runs nothing else', async () => {
    const shell = await connect(target(), desk.options());
    const command = await shell.run('id', never());
    command.stdin.end();
    expect(await outputOf(command)).toMatchObject({ stdout: '' });
    expect(await command.finished).toEqual({ status: 127 });
    await shell.close();
  });
  it('lets nobody in with another key', async () => {
    await expect(connect(target(newKey()), desk.options())).rejects.toMatchObject({ code: 'authentication-failed' });
  });
});
