// The demo's profile and the host behind it, made when first asked for. With --demo-live it is a host that runs.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Profile } from '../../shared/ipc/contract.ts';
import { startDemoHost } from '../demo/demo-host.ts';
import type { DemoHost } from '../demo/demo-host.ts';
import type { LiveHost } from './flags.ts';

export class DemoProfile {
  static readonly id = 'demo';
  readonly #live: LiveHost | undefined;
  #host: Promise<DemoHost> | undefined;

  constructor(live: LiveHost | undefined) {
    this.#live = live;
  }

  /** The live host, where there is one: its keys are files. */
  get live(): LiveHost | undefined {
    return this.#live;
  }

  /** Starts the embedded host at the first call. */
  host(): Promise<DemoHost> {
    this.#host ??= readTranscript().then(startDemoHost);
    return this.#host;
  }

  async profile(): Promise<Profile> {
    const base = { id: DemoProfile.id, authentication: 'key', sudo: 'never', demo: true } as const;
    if (this.#live !== undefined) {
      const { host, port, user, keyFile } = this.#live;
      return { ...base, name: 'Reference host', host, port, user, keyFile };
    }
    const { port, user } = await this.host();
    return { ...base, name: 'Demo host', host: '127.0.0.1', port, user };
  }

  async close(): Promise<void> {
    await (await this.#host?.catch(() => undefined))?.close();
  }
}

/** Captured from the reference host; beside the bundle with the other files read at run time. */
async function readTranscript(): Promise<Uint8Array> {
  const file = path.resolve(import.meta.dirname, __NSATLAS_ASSETS__, 'reference-host.transcript.gz');
  return promisify(gunzip)(await readFile(file));
}
