// Where nsatlas keeps files of its own: the same folder as the app's (Electron's `userData`), so that a host accepted in
// one is known to the other.
import { homedir } from 'node:os';
import path from 'node:path';

/** Accepted host keys, in the format of ~/.ssh/known_hosts. */
export function ownKnownHostsFile(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home = homedir()): string {
  return path.join(ownFolder(env, platform, home), 'known_hosts');
}

function ownFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  const told = env['NSATLAS_USER_DATA'];
  if (told !== undefined && told !== '') return path.resolve(told);
  switch (platform) {
    case 'win32':
      return path.join(env['APPDATA'] ?? path.join(home, 'AppData', 'Roaming'), 'nsatlas');
    case 'darwin':
      return path.join(home, 'Library', 'Application Support', 'nsatlas');
    default:
      return path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'nsatlas');
  }
}
