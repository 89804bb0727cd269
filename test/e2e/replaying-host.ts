// An SSH host on loopback that answers the collector with what the reference host once said, for what a real host does
// not do on demand: show another key, refuse, break off in the middle.
import type { AuthContext, ServerChannel } from 'ssh2';
import { replay, tokenOf } from '../../electron/demo/replay.ts';
import { hostTranscript } from '../helpers/host-fixture.ts';
import { isCapture, replayCapture } from './replayed-capture.ts';
import { startTestServer, type TestServer } from '../helpers/ssh-test-server.ts';

export interface ReplayOptions {
  readonly port?: number;
  /** Private key in OpenSSH's format. */
  readonly hostKey?: string;
  readonly authenticate?: (context: AuthContext) => void;
  /** After so many frames the line goes dead. */
  readonly breakOffAfter?: number;
  /** After so many frames nothing more comes, and the line stays. */
  readonly holdAfter?: number;
}

/** Accepts everybody unless told otherwise. */
export async function startReplayingHost(options: ReplayOptions = {}): Promise<TestServer> {
  const { hostKey, breakOffAfter, holdAfter, ...rest } = options;
  const transcript = hostTranscript('reference-host');
  const server = await startTestServer({
    ...rest,
    ...(hostKey === undefined ? {} : { hostKeys: [hostKey] }),
    run: (command, channel) => {
      if (command.includes('SSH_CONNECTION')) {
        channel.write('127.0.0.1 50122 127.0.0.1 22\n');
        end(channel);
        return;
      }
      const script: Buffer[] = [];
      const text = (): string => Buffer.concat(script).toString();
      let capturing = false;
      channel.on('data', (chunk: Buffer) => {
        script.push(chunk);
        // The collector's script ends with its standard input, a capture's does not.
        if (capturing || !isCapture(text()) || !text().endsWith('\nmain\n')) return;
        capturing = true;
        replayCapture(text(), channel);
      });
      channel.on('end', () => {
        if (capturing) return;
        const parts = replay(transcript, tokenOf(text()));
        const said = parts.slice(0, breakOffAfter ?? holdAfter).map(({ bytes }) => bytes);
        channel.write(Buffer.concat(said), () => {
          if (breakOffAfter !== undefined) server.cut();
          else if (holdAfter === undefined) end(channel);
        });
      });
    },
  });
  return server;
}

function end(channel: ServerChannel): void {
  channel.exit(0);
  channel.end();
}
