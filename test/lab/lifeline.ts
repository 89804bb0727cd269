// What a host hangs its life on: a pipe whose other end closes with this process, however that ends. It has a name for a
// moment, since Node's own pipes are sockets of this machine's network namespace, which lsns and we find through them.
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { runOrThrow } from './run-command.ts';

/** Both ends of a pipe, by descriptor; neither waits for the other, and no program inherits the end that is written to. */
export async function lifeline(folder: string): Promise<{ readonly read: number; readonly write: number }> {
  const file = path.join(folder, 'life');
  await runOrThrow('mkfifo', [file]);
  const both = openSync(file, 'r+');
  const ends = { read: openSync(file, 'r'), write: openSync(file, 'w') };
  closeSync(both);
  return ends;
}
