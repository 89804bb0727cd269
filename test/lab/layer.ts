// Programs that few lab hosts need lie over the root file system: a layer, built once by host/build-layer.sh and kept.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureRootFileSystem, hostScripts, labCache } from './root-file-system.ts';
import { runOrThrow } from './run-command.ts';

const builder = path.join(hostScripts, 'build-layer.sh');

/** Podman with all its ways to connect a rootless container, and Docker: 66 MB from Debian's mirror, some ten seconds. */
export const engines = ['podman', 'crun', 'passt', 'netavark', 'aardvark-dns', 'docker.io', 'docker-cli'] as const;

/** Open vSwitch: 28 MB unpacked. */
export const switches = ['openvswitch-switch'] as const;

/** tcpdump, which captures are made with. */
export const captures = ['tcpdump'] as const;

/** LXC and systemd-nspawn, for system containers: 12 MB unpacked. */
export const machines = ['lxc', 'systemd-container'] as const;

/** The layer's folder; another recipe, or another root file system, is another folder. */
export async function ensureLayer(name: string, packages: readonly string[]): Promise<string> {
  const root = await ensureRootFileSystem();
  const recipe = createHash('sha256').update(JSON.stringify([path.basename(root), packages]));
  recipe.update(readFileSync(builder));
  const folder = path.join(labCache(), `layer-${name}-${recipe.digest('hex').slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const lock = path.join(labCache(), 'lock');
  await runOrThrow('flock', [lock, 'unshare', '--mount', 'sh', builder, folder, root, ...packages], {
    timeoutMs: 600_000,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  return folder;
}
