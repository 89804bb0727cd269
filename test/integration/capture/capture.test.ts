// capture() over shells that are made to behave badly, and over a connection that breaks.
import { afterEach, describe, expect, it } from 'vitest';
import { capture } from '../../../electron/capture/capture.ts';
import type { CaptureOptions, CaptureRequest } from '../../../electron/capture/capture.ts';
import { LocalShell } from '../../../electron/ssh/local-shell.ts';
import type { RemoteShell } from '../../../electron/ssh/remote-shell.ts';
import { connect } from '../../../electron/ssh/connect.ts';
import { packetsOf, pcapFile } from '../../helpers/pcap.ts';
import { loopback, newDesk } from '../../helpers/ssh-target.ts';
import { startTestServer } from '../../helpers/ssh-test-server.ts';

const local = new LocalShell();
/** Runs another command than asked for. */
const instead = (command: string): RemoteShell => ({
  run: (_, signal) => local.run(command, signal),
  close: () => local.close(),
});
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
/** A file as a word of printf. */
const two = hex(pcapFile([Buffer.from('first'), Buffer.from('second')]));
/** Reads the settings, says what the script would. */
const begins = `read -r line; eval "$line"; echo "$token as root" >&2; echo "$token"`;
const untilTheEnd = 'while read -r _; do :; done';

const request: CaptureRequest = {
  target: { netns: { name: 'host', inode: 1, marks: [], ways: [] } },
  filter: '',
  limits: {},
  includeOwn: true,
};

function kept(more: Partial<CaptureOptions> = {}) {
  const pieces: Uint8Array[] = [];
  const stopping = new AbortController();
  const options: CaptureOptions = {
    sudo: 'never',
    signal: stopping.signal,
    write: async (bytes) => void pieces.push(bytes),
    ...more,
  };
  return { options, stop: () => stopping.abort(), file: () => Buffer.concat(pieces) };
}

describe.runIf(process.platform === 'linux')('on a host that', () => {
  it('talks at login, before the capture and beside it', async () => {
    const { options, file } = kept();
    const shell = instead(
      `echo Welcome; echo hello >&2; ${begins}; printf '${two}'; echo '3 packets dropped by kernel' >&2`,
    );
    expect(await capture(shell, request, options)).toEqual({
      packets: 2,
      bytes: file().length,
      ended: 'limit',
      droppedByKernel: 3,
    });
    expect(packetsOf(file())).toHaveLength(2);
  });

  it('does not end when it is told: its channel is closed', async () => {
    const { options, stop, file } = kept();
    const shell = instead(`${begins}; printf '${two}'; exec sleep 60`);
    const begin = performance.now();
    const run = capture(shell, request, { ...options, onStarted: stop });
    expect(await run).toMatchObject({ packets: 2, ended: 'stopped' });
    expect(performance.now() - begin).toBeLessThan(8000);
    expect(packetsOf(file())).toHaveLength(2);
  });

  it('ends in the middle of a packet: it broke off, with what was whole', async () => {
    const { options, file } = kept();
    const shell = instead(
      `${begins}; printf '${two}' | head -c 60; echo 'tcpdump: wire: The interface disappeared' >&2; exit 1`,
    );
    const captured = await capture(shell, request, options);
    expect(captured).toMatchObject({ packets: 1, ended: 'failed', failure: { code: 'tcpdump-failed' } });
    expect(captured.failure?.message).toContain('The interface disappeared');
    expect(packetsOf(file())).toHaveLength(1);
  });

  it('writes something else', async () => {
    const shell = instead(`${begins}; echo 'this is no capture file at all'; ${untilTheEnd}`);
    await expect(capture(shell, request, kept().options)).rejects.toMatchObject({ code: 'capture-malformed' });
  });

  it('does not run the script', async () => {
    const shell = instead('echo "This account is currently not available."; exit 1');
    await expect(capture(shell, request, kept().options)).rejects.toMatchObject({ code: 'capture-not-started' });
  });

  it('has no sudo for us', async () => {
    const shell = instead('echo "sudo: bob is not in the sudoers file." >&2; exit 1');
    await expect(capture(shell, request, kept({ sudo: 'ask' }).options)).rejects.toMatchObject({
      name: 'CollectFailure',
      code: 'sudo-refused',
      reason: 'sudo did not start (sudo: bob is not in the sudoers file).',
    });
  });

  it('says nothing before it is stopped: cancelled, and nothing was written', async () => {
    const { options, stop, file } = kept();
    setTimeout(stop, 200);
    await expect(capture(instead(untilTheEnd), request, options)).rejects.toMatchObject({ code: 'cancelled' });
    expect(file()).toHaveLength(0);
  });
});

describe.runIf(process.platform === 'linux')('here', () => {
  it('a file that cannot be written ends it, and is the reason', async () => {
    const { options } = kept({ write: () => Promise.reject(new Error('no space left')) });
    const shell = instead(`${begins}; printf '${two}'; ${untilTheEnd}`);
    const captured = await capture(shell, request, options);
    expect(captured).toMatchObject({ ended: 'failed', failure: { message: 'no space left' } });
  });
});

describe('over SSH', () => {
  const ends: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it('a connection that breaks leaves what had come; its own packets were left out', async () => {
    let script = '';
    const server = await startTestServer({
      run: (command, channel) => {
        if (command.includes('SSH_CONNECTION')) {
          channel.write('Welcome\n192.0.2.7 50122 198.51.100.4 22\n');
          channel.exit(0);
          channel.end();
          return;
        }
        channel.on('data', (chunk: Buffer) => {
          script += chunk.toString();
          const token = /^token='(\w+)'/.exec(script)?.[1];
          if (token === undefined || !script.endsWith('\nmain\n')) return;
          channel.stderr.write(`${token} as root\n`);
          channel.write(`${token}\n`);
          channel.write(pcapFile([Buffer.from('first')]));
          setTimeout(() => server.cut(), 200);
        });
      },
    });
    const desk = await newDesk();
    ends.push(
      () => server.close(),
      () => desk.clear(),
    );
    const shell = await connect(loopback(server.port, { kind: 'password' }), desk.options({ passwords: [''] }));
    const { options, file } = kept();
    const captured = await capture(shell, { ...request, filter: 'icmp', includeOwn: false }, options);
    expect(captured).toMatchObject({ packets: 1, ended: 'failed', failure: { code: 'channel-lost' } });
    expect(packetsOf(file())).toEqual([Buffer.from('first')]);
    expect(script).toContain(
      "filter='not (tcp and host 192.0.2.7 and host 198.51.100.4 and port 50122 and port 22) and (icmp)'",
    );
  });
});
