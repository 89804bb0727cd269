// What the machine must have for a lab host to be built and started on it: Debian (or Ubuntu) packages.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { runOrThrow } from './run-command.ts';

interface Need {
  readonly package: string;
  /** Absolute path, or a program somewhere on PATH. */
  readonly provides: string;
}

export const labPackages: readonly Need[] = [
  { package: 'debootstrap', provides: 'debootstrap' },
  { package: 'debian-archive-keyring', provides: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  { package: 'openssh-client', provides: 'ssh' },
  { package: 'iproute2', provides: 'ip' },
  { package: 'util-linux', provides: 'unshare' },
  { package: 'mount', provides: 'mount' },
  // Lent to bare hosts (topologies/machine-program.ts): to agree with, and for a thread of its own.
  { package: 'plotnetcfg', provides: 'plotnetcfg' },
  { package: 'perl', provides: 'pod2man' },
];

function isThere(provides: string): boolean {
  if (path.isAbsolute(provides)) return existsSync(provides);
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(path.join(folder, provides)));
}

/**
 * Installs what is missing. Throws when a lab host cannot be had here: not Linux, not root, or something is missing that
 * apt-get cannot bring; the message says what to do.
 */
export async function ensureLabPackages(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('A lab host is made of namespaces: it needs Linux and root.');
  }
  const missing = labPackages.filter((need) => !isThere(need.provides)).map((need) => need.package);
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!isThere('apt-get')) throw new Error(`Missing programs. On Debian: ${command}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runOrThrow('apt-get', ['update', '-q'], { env, timeoutMs: 300_000 });
  await runOrThrow('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...missing], {
    env,
    timeoutMs: 300_000,
  });
}
