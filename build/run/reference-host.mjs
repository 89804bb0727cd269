import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { root } from './paths.mjs';
import { StepFailed, say, seconds } from './say.mjs';

/** @typedef {{ user: string, host: string, port: number, keyFile: string, knownHosts: string }} HostAddress */

/**
 * Starts a reference host of the lab's (test/lab/hold.ts): needs Linux and root. It ends with us, whatever happens,
 * because it hangs on our end of a pipe.
 *
 * @returns {Promise<{ address: HostAddress, stop: () => Promise<void> }>}
 */
export async function startReferenceHost() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new StepFailed(
      'the live demo makes a host of namespaces: it needs Linux and root. Without --live it runs anywhere.',
    );
  say('starting the reference host (the first time its file system is made, which takes a minute)…');
  const start = performance.now();
  const args = ['--import', 'tsx', '--import', './build/raw-imports.mjs', 'test/lab/hold.ts'];
  const holder = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(holder, 'close');
  const line = await Promise.race([once(createInterface(holder.stdout), 'line'), ended.then(() => [])]);
  if (line[0] === undefined) throw new StepFailed('the reference host did not start (see above).');
  say(`reference host up in ${seconds(start)}`);
  return {
    address: JSON.parse(String(line[0])),
    stop: async () => {
      holder.stdin.end();
      await ended;
    },
  };
}
