// More network namespaces than are asked in full: bundles, several at the same time, one at a time where one says much.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { collectorScript } from '../../../electron/collect/collector-script.ts';
import { readTranscript } from '../../../shared/collect/read-transcript.ts';
import type { Transcript } from '../../../shared/model/transcript.ts';
import { netCommands } from '../../../shared/parse/net/commands.ts';
import { asNobody, leftAfter, shells } from '../../helpers/script-run.ts';

const count = 70;
/** Named network namespaces nobody is in, in user, mount and network namespaces of their own; then the script there. */
const house = (shell: readonly string[]) => `
mount -t tmpfs tmpfs /run && mkdir /run/netns || exit 1
n=0; while [ $n -lt ${count} ]; do echo "netns add n$n"; n=$((n + 1)); done | ip -batch - || exit 1
exec ${shell.join(' ')} -s`;

/** `mark`: in the environment of everything that is started. */
function startThere(shell: readonly string[], script: string) {
  const [name = 'unshare', ...words] = [
    ...asNobody,
    ...['unshare', '-U', '-r', '-m', '-n', '--propagation=private'],
    ...['sh', '-c', house(shell)],
  ];
  const value = randomUUID();
  const child = spawn(name, words, { stdio: 'pipe', env: { ...process.env, NSATLAS_TEST_MARK: value } });
  child.stdin.end(script);
  return { child, mark: `NSATLAS_TEST_MARK=${value}` };
}

async function collectThere(
  shell: readonly string[],
  change: (text: string) => string = (text) => text,
): Promise<Transcript> {
  const { child } = startThere(shell, change(collectorScript));
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(child, 'close');
  expect(errors).toBe('');
  return readTranscript(Buffer.concat(chunks));
}

/** Of those that were made: other hosts of namespaces may be on this machine, whose paths begin elsewhere. */
const entered = (transcript: Transcript) =>
  transcript.frames.filter(({ section, command }) => section === 'net' && command.includes('--net=/run/netns/'));

describe.runIf(process.platform === 'linux').each(shells.slice(0, 2))(
  'many network namespaces, by $name',
  ({ shell }) => {
    it('are each asked once, and only what every picture needs', async () => {
      const transcript = await collectThere(shell);
      expect(transcript).toMatchObject({ complete: true, problems: [] });
      const frames = entered(transcript);
      expect(new Set(frames.map(({ key }) => key)).size).toBe(count);
      expect(frames).toHaveLength(count);
      for (const { status, output } of frames) {
        expect(status).toBe(0);
        expect(
          output
            .trimEnd()
            .split('\n')
            .map((line) => Array.isArray(JSON.parse(line))),
        ).toEqual(netCommands.map(() => true));
      }
      const sections = new Set(transcript.frames.map(({ section }) => section));
      for (const section of ['rule6', 'nsid', 'socket-in']) expect(sections).not.toContain(section);
      // Of the one that the script is in, who listens where is asked all the same.
      const own = transcript.frames.find(({ section, command }) => section === 'net' && !command.startsWith('nsenter'));
      expect(transcript.frames.filter(({ section }) => section === 'ss')).toMatchObject([
        { key: own?.key, command: 'ss -tulne', status: 0 },
      ]);
    });

    it('are not asked by ss where that would have the kernel load a module', async () => {
      const without = `case $module in tcp_diag) echo "$module no" ;; *) echo "$module yes" ;; esac`;
      const transcript = await collectThere(shell, (text) => text.replace('echo "$module yes"', without));
      expect(transcript).toMatchObject({ complete: true, problems: [] });
      const modules = transcript.frames.find(({ section }) => section === 'firewall-modules')?.output;
      expect(modules).toMatch(/^tcp_diag no\nudp_diag yes$/m);
      expect(transcript.frames.filter(({ section }) => section === 'ss')).toEqual([]);
    });

    it('are asked one after the other where a bundle says too much, and nothing is lost or said twice', async () => {
      const transcript = await collectThere(shell, (text) => text.replace('bundle_bytes=2097152', 'bundle_bytes=2000'));
      expect(transcript).toMatchObject({ complete: true, problems: [] });
      const frames = entered(transcript);
      expect(new Set(frames.map(({ key }) => key)).size).toBe(count);
      expect(frames.every(({ status }) => status === 0)).toBe(true);
      expect(frames).toHaveLength(count);
    });

    // A shell reads a number byte by byte, and two that read at once get half of it each.
    it('are taken by one worker each, however fast they are', async () => {
      const fast = collectorScript
        .replace('bundle_networks=16', 'bundle_networks=1')
        .replace(/^( *)ask_bundle "\$bundle"$/m, '$1hold "taken $taken$newline"');
      for (let run = 0; run < 5; run += 1) {
        const { child } = startThere(shell, fast);
        let said = '';
        child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('latin1')));
        child.stderr.resume();
        await once(child, 'close');
        const taken = [...said.matchAll(/^taken (.*)$/gm)].map(([, number]) => Number(number));
        expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: taken.length }, (_, at) => at));
        expect(taken.length).toBeGreaterThan(count);
      }
    });

    it('leave nothing of the script behind, at whatever moment it is ended', async () => {
      for (let milliseconds = 0; milliseconds < 800; milliseconds += 80) {
        const { child, mark } = startThere(shell, collectorScript);
        child.stderr.resume();
        await once(child.stdout, 'data');
        child.stdout.resume();
        await sleep(milliseconds);
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        expect(await leftAfter(mark, 0)).toEqual([]);
      }
    });
  },
);
