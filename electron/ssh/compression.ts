// Compression, `zlib@openssh.com`: a transcript of a thousand network namespaces is twenty times as long as it has to be.
//
// ssh2 (1.17) closes its compressors as soon as a connection breaks off, and then sends what its channels still have to
// say through them: "Invalid Zlib instance", thrown where nobody can catch it (lib/client.js, lib/protocol/zlib.js). So
// they are left open; they go with the memory of the connection.
import type { Client } from 'ssh2';

/** In our order: the host may not want it. */
export const compressions = ['zlib@openssh.com', 'none'] as const;

interface Inside {
  readonly _protocol?: { readonly _packetRW?: Readonly<Record<'read' | 'write', { cleanup: () => void }>> };
}

/** Whenever keys are exchanged anew ssh2 makes new ones: to be called after each time. */
export function keepCompressorsOpen(client: Client): void {
  const ways = (client as unknown as Inside)._protocol?._packetRW;
  if (ways !== undefined) ways.read.cleanup = ways.write.cleanup = () => undefined;
}
