// The root file system lab hosts start from: built once by host/build-root-file-system.sh, kept in the cache, only read.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runOrThrow } from './run-command.ts';

export const hostScripts = path.join(import.meta.dirname, 'host');

const suite = 'trixie';
const packages = [
  'openssh-server',
  'iproute2',
  'procps',
  'sudo',
  'curl',
  'slirp4netns',
  'rootlesskit',
  'containerd',
  'runc',
  'uidmap',
  'nftables',
  'iptables',
  'containernetworking-plugins',
  'busybox-static',
  'bubblewrap',
  'crun',
  'passt',
] as const;
const builders = ['build-root-file-system.sh', 'build-images.sh', 'build-image.sh'] as const;

export function labCache(): string {
  return path.join(process.env['NSATLAS_CACHE'] ?? path.join(os.homedir(), '.cache', 'nsatlas'), 'lab');
}

/** Its folder; another recipe (packages, suite, build scripts) is another folder, so a change is never half there. */
export function rootFileSystemFolder(): string {
  const recipe = createHash('sha256').update(JSON.stringify([suite, packages, process.arch]));
  for (const script of builders) recipe.update(readFileSync(path.join(hostScripts, script)));
  return path.join(labCache(), `root-${suite}-${recipe.digest('hex').slice(0, 12)}`);
}

/** Builds it when it is not there (about a minute, from Debian's mirror); whoever comes second waits for the first. */
export async function ensureRootFileSystem(): Promise<string> {
  const folder = rootFileSystemFolder();
  if (existsSync(folder)) return folder;
  mkdirSync(labCache(), { recursive: true });
  const lock = path.join(labCache(), 'lock');
  const builder = path.join(hostScripts, builders[0]);
  await runOrThrow('flock', [lock, 'unshare', '--mount', 'sh', builder, folder, suite, ...packages], {
    timeoutMs: 900_000,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  return folder;
}
