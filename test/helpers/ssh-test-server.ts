// A real SSH server in this process (ssh2's), for what a real sshd cannot be made to do on demand.
import { once } from 'node:events';
import type { AddressInfo, Server as NetServer } from 'node:net';
import ssh2 from 'ssh2';
import type { AuthContext, Connection, ServerChannel } from 'ssh2';
import { newEd25519Pair } from '../../electron/ssh/openssh-private-key.ts';

export interface TestServer {
  readonly port: number;
  readonly hostKeys: readonly string[];
  readonly connections: Set<Connection>;
  /** Cuts every connection as a lost network would, and stops listening. */
  close(): Promise<void>;
  cut(): void;
}

export interface TestServerOptions {
  readonly hostKeys?: readonly string[];
  readonly authenticate?: (context: AuthContext) => void;
  readonly run?: (command: string, channel: ServerChannel, session: { onSignal(name: string): void }) => void;
  readonly port?: number;
}

export const newKey = (): string => newEd25519Pair().privateKey;

/** The public half of a private key, SSH wire format. */
export function publicKey(privateKey: string): Buffer {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

/** Accepts everybody and echoes unless told otherwise. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const hostKeys = options.hostKeys ?? [newKey()];
  const connections = new Set<Connection>();
  const sockets = new Set<{ destroy(): void }>();
  const server = new ssh2.Server({ hostKeys: [...hostKeys] }, (connection) => {
    connections.add(connection);
    connection.on('error', () => undefined);
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', options.authenticate ?? ((context) => context.accept()));
    connection.on('session', (accept) => {
      const session = accept();
      const heard = { onSignal: (_name: string): void => undefined };
      session.on('signal', (acceptSignal, _reject, info) => {
        acceptSignal?.();
        heard.onSignal(info.name);
      });
      session.on('exec', (acceptExec, _reject, info) => {
        const channel = acceptExec();
        (options.run ?? echo)(info.command, channel, heard);
      });
    });
  });
  const inner = (server as unknown as { _srv: NetServer })._srv;
  inner.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    hostKeys,
    connections,
    cut,
    close: async () => {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function echo(command: string, channel: ServerChannel): void {
  channel.write(`ran ${command}\n`);
  channel.stderr.write('warned\n');
  channel.pipe(channel, { end: false });
  channel.on('end', () => {
    channel.exit(3);
    channel.end();
  });
}
