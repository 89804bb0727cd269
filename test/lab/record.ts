// Records the reference host and its variants anew: npm run lab -- record. The transcripts are what the product's own
// collector says over SSH, the truth beside them what the host says of itself; the demo is the first of them.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { collectorScript } from '../../electron/collect/collector-script.ts';
import type { LabHost, LabHostOptions } from './reference-host.ts';
import { startReferenceHost } from './reference-host.ts';
import { sshArguments } from './ssh-command.ts';

const project = path.join(import.meta.dirname, '..', '..');
const hosts = path.join(project, 'test', 'fixtures', 'hosts');
const demo = path.join(project, 'electron', 'demo', 'reference-host.transcript.gz');

interface Variant {
  readonly options: LabHostOptions;
  /** What reads the script on the host. */
  readonly shell: string;
}

const variants: Readonly<Record<string, Variant>> = {
  'reference-host': { options: {}, shell: 'sh -s' },
  'reference-host-as-root': { options: { sudo: 'nopasswd' }, shell: 'sudo -n sh -s' },
  'reference-host-child-ip': { options: { publish: 'child-ip' }, shell: 'sh -s' },
  'reference-host-own-netns': { options: { detachNetns: false }, shell: 'sh -s' },
};

/** What the collector says there, byte for byte. Throws when ssh or the script fails. */
function transcriptOf(host: LabHost, shell: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh', sshArguments(host, [shell]), { stdio: ['pipe', 'pipe', 'inherit'] });
    const said: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(Buffer.concat(said));
      else reject(new Error(`ssh ended with ${status ?? 'a signal'}`));
    });
    child.stdin.end(collectorScript);
  });
}

/** Writes the fixtures of `names`, all of them when there is none. */
export async function recordFixtures(names: readonly string[]): Promise<void> {
  for (const name of names.length === 0 ? Object.keys(variants) : names) {
    const variant = variants[name];
    if (!variant) throw new Error(`no fixture is called ${name}; there are ${Object.keys(variants).join(', ')}`);
    const host = await startReferenceHost({ ...variant.options, slot: 0 });
    try {
      const folder = path.join(hosts, name);
      mkdirSync(folder, { recursive: true });
      const file = path.join(folder, 'transcript.gz');
      writeFileSync(file, gzipSync(await transcriptOf(host, variant.shell), { level: 9 }));
      writeFileSync(path.join(folder, 'truth.json'), `${JSON.stringify(host.truth, null, 2)}\n`);
      if (name === 'reference-host') copyFileSync(file, demo);
      console.log(path.relative(project, folder));
    } finally {
      await host.stop();
    }
  }
}
