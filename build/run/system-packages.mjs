import { existsSync } from 'node:fs';
import { command } from './command.mjs';
import { StepFailed, say, seconds } from './say.mjs';

/**
 * What Electron and its virtual display need: Debian packages. Names joined by | are the same library in newer and older
 * releases. (The lab sees to its own: test/lab.) And the third of the shells that the collector's script is tested with.
 */
const wanted = [
  'xvfb',
  'libgtk-3-0t64|libgtk-3-0',
  'libnss3',
  'libasound2t64|libasound2',
  'libgbm1',
  'libxss1',
  'libxtst6',
  'libatk-bridge2.0-0t64|libatk-bridge2.0-0',
  'libdrm2',
  'fonts-dejavu-core',
  'fonts-noto-cjk',
  'busybox-static|busybox',
];

/**
 * On Debian and its children: installs what is missing as root, else says the exact command. Elsewhere: does nothing.
 *
 * @returns {Promise<string | undefined>} what is still missing, as a sentence; undefined when all is there or unknown
 */
export async function ensureSystemPackages() {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) return undefined;
  const missing = await missingPackages();
  if (missing.length === 0) return undefined;
  if (process.getuid?.() !== 0) {
    const names = (await installable(missing)).join(' ');
    return `system packages are missing: sudo apt-get install --no-install-recommends ${names}`;
  }
  say(`installing system packages: ${missing.map((names) => names.split('|').at(-1)).join(' ')}…`);
  const start = performance.now();
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await command('apt-get', ['update', '-qq'], { env });
  const names = await installable(missing);
  const { code, output } = await command('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], {
    env,
  });
  if (code !== 0) throw new StepFailed(`apt-get install ${names.join(' ')} failed.\n${output}`);
  say(`system packages installed in ${seconds(start)}`);
  return undefined;
}

async function missingPackages() {
  const names = wanted.flatMap((alternatives) => alternatives.split('|'));
  const { output } = await command('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...names]);
  const installed = new Set(
    output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ', 1)[0] ?? ''] : [])),
  );
  return wanted.filter((alternatives) => !alternatives.split('|').some((name) => installed.has(name)));
}

/** The first name of each that this release knows. @param {readonly string[]} missing */
async function installable(missing) {
  const { output } = await command('apt-cache', ['pkgnames']);
  const known = new Set(output.split('\n'));
  return missing.map((alternatives) => {
    const names = alternatives.split('|');
    return names.find((name) => known.has(name)) ?? names.at(-1) ?? alternatives;
  });
}
