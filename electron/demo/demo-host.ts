// A host to look at without having one: an SSH server on loopback, with keys made for this start, that answers the
// collector with what a real host once said. Nothing is executed; no other command is understood.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';
import { newEd25519Pair } from '../ssh/openssh-private-key.ts';
import { replay, tokenOf } from './replay.ts';

export interface DemoHost {
  readonly port: number;
  readonly user: string;
  /** The key that is let in, OpenSSH's format. */
  readonly privateKey: string;
  /** SSH wire format. */
  readonly hostKey: Uint8Array;
  close(): Promise<void>;
}

/** The reference host's login user, so that what is shown and what is said agree. */
const user = 'ec2-user';

/** `transcript`: as a real host answered, not packed. */
export async function startDemoHost(transcript: Uint8Array): Promise<DemoHost> {
  const hostKey = newEd25519Pair();
  const clientKey = newEd25519Pair();
  const allowed = parsed(clientKey.privateKey);
  const connections = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [hostKey.privateKey], ident: 'nsatlas-demo' }, (connection) => {
    connections.add(connection);
    // A window that is closed cuts its connection: nothing to report.
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', (context) => authenticate(context, allowed));
    connection.on('session', (accept) => {
      accept().on('exec', (acceptCommand, _reject, { command }) => {
        answer(command, acceptCommand(), transcript).catch(() => undefined);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    user,
    privateKey: clientKey.privateKey,
    hostKey: hostKey.publicKey,
    close: async () => {
      for (const connection of connections) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type ParsedKey = Exclude<ReturnType<typeof ssh2.utils.parseKey>, Error>;

function parsed(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

/** Only the key made for this start; first the offer, then the signature over it. */
function authenticate(context: AuthContext, allowed: ParsedKey): void {
  const right =
    context.method === 'publickey' &&
    context.username === user &&
    context.key.data.equals(allowed.getPublicSSH()) &&
    (context.signature === undefined || allowed.verify(context.blob ?? '', context.signature, context.hashAlgo));
  if (right) context.accept();
  else context.reject(['publickey']);
}

async function answer(command: string, channel: ServerChannel, transcript: Uint8Array): Promise<void> {
  let open = true;
  channel.on('close', () => (open = false));
  channel.on('error', () => (open = false));
  const script = await readToTheEnd(channel);
  if (!/\bsh -s\b/.test(command)) {
    channel.stderr.write('The demo host answers the collector and nothing else.\n');
    return end(channel, 127);
  }
  for (const part of replay(transcript, tokenOf(script))) {
    await sleep(part.delay);
    if (!open) return;
    channel.write(part.bytes);
  }
  end(channel, 0);
}

async function readToTheEnd(channel: ServerChannel): Promise<string> {
  const chunks: Buffer[] = [];
  channel.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(channel, 'end');
  return Buffer.concat(chunks).toString();
}

function end(channel: ServerChannel, status: number): void {
  channel.exit(status);
  channel.end();
}
