// What the script does when something takes too long, says too much, or ends before its time.
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { aboutHostOnly, leftAfter, leftBehind, resultOf, shells, startScript } from '../../helpers/script-run.ts';

const uptime = '  ask host uptime cat /proc/uptime\n';
const stuck = (command: string) => (text: string) =>
  aboutHostOnly(text).replace(uptime, `  ask host uptime ${command}\n`);
const untilStuck = async (mark: string) => {
  while (leftBehind(mark).length < 3) await sleep(20);
  await sleep(300);
};

// They mostly wait.
describe.runIf(process.platform === 'linux')('limits of the script', () => {
  describe.concurrent.each(shells)('under $name', ({ shell }) => {
    it('ends a question that takes too long, says so, and goes on', async () => {
      const run = startScript(shell, { question_seconds: 1 }, stuck('sleep 60'));
      const { transcript } = await resultOf(run);
      const late = transcript.frames.find(({ key }) => key === 'uptime');
      expect(late?.cut).toBe('timed-out');
      expect(late?.milliseconds).toBeLessThan(10_000);
      expect(transcript.frames.find(({ key }) => key === 'id')?.status).toBe(0);
      expect(transcript.complete).toBe(true);
      expect(await leftAfter(run.mark, 0)).toEqual([]);
    });

    it('kills what does not listen', async () => {
      const deaf = `sh -c 'trap "" TERM; while :; do sleep 60; done'`;
      const run = startScript(shell, { question_seconds: 1 }, stuck(deaf));
      const { transcript } = await resultOf(run);
      expect(transcript.frames.find(({ key }) => key === 'uptime')?.cut).toBe('timed-out');
      expect(await leftAfter(run.mark, 2000)).toEqual([]);
    });

    it('ends when the time of the run is over, without claiming to be complete', async () => {
      const run = startScript(shell, { run_seconds: 1 }, stuck('sleep 60'));
      const { transcript, status } = await resultOf(run);
      expect(status).toBe(1);
      expect(transcript.complete).toBe(false);
      expect(transcript.frames.at(-1)?.key).toBe('uptime');
      expect(await leftAfter(run.mark, 0)).toEqual([]);
    });

    it('ends even when a part of itself waits for what never comes', async () => {
      const run = startScript(
        shell,
        { run_seconds: 1 },
        stuck(`eval ': | { exec 9<>/proc/self/fd/0; read -r _ <&9; }'`),
      );
      const { transcript, status } = await resultOf(run);
      expect(status).not.toBe(0);
      expect(transcript.complete).toBe(false);
      expect(await leftAfter(run.mark, 1000)).toEqual([]);
    });

    it('leaves nothing behind, whenever it is ended', async () => {
      for (let milliseconds = 0; milliseconds < 40; milliseconds += 2) {
        const { child, mark } = startScript(shell, {}, stuck('sleep 60'));
        child.stdout?.resume();
        await once(child.stdout ?? child, 'data');
        await sleep(milliseconds / 4);
        child.kill();
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        expect(await leftAfter(mark, 0)).toEqual([]);
      }
    });

    // dash starts a command with vfork, and stands still only when the command runs.
    it('ends at once what starts one command after the other', async () => {
      const worker = '{ while :; do /bin/true; done; } &';
      const took: number[] = [];
      for (let time = 0; time < 10; time += 1) {
        const { child, mark } = startScript(shell, {}, stuck(`eval '${worker} ${worker} ${worker} wait'`));
        child.stdout?.resume();
        await untilStuck(mark);
        const killed = Date.now();
        child.kill();
        await once(child, 'exit');
        took.push(Date.now() - killed);
        expect(await leftAfter(mark, 0)).toEqual([]);
      }
      expect(took.filter((milliseconds) => milliseconds >= 1000)).toEqual([]);
    });

    it('cuts an answer that is too long, at the byte', async () => {
      const { transcript } = await resultOf(startScript(shell, { answer_bytes: 20_000 }));
      const status = transcript.frames.find(({ section }) => section === 'status');
      expect(status?.cut).toBe('too-large');
      expect(Buffer.byteLength(status?.output ?? '')).toBe(20_000);
      expect(transcript.frames.filter(({ section, cut }) => section === 'host' && cut !== undefined)).toEqual([]);
      expect(transcript).toMatchObject({ complete: true, problems: [] });
    });

    it('says that an answer of exactly the limit is whole', async () => {
      const exact = (text: string) =>
        aboutHostOnly(text).replace(
          uptime,
          "  ask_much host uptime printf '%0100d' 0\n  ask_much host more printf '%0101d' 0\n",
        );
      const { transcript } = await resultOf(startScript(shell, { answer_bytes: 100 }, exact));
      expect(transcript.frames.find(({ key }) => key === 'uptime')).toMatchObject({
        output: '0'.repeat(100),
        status: 0,
      });
      expect(transcript.frames.find(({ key }) => key === 'uptime')?.cut).toBeUndefined();
      const more = transcript.frames.find(({ key }) => key === 'more');
      expect(more?.output).toBe('0'.repeat(100));
      // BusyBox's own head reads ahead (see the script).
      if (shell[0] !== 'busybox') expect(more?.cut).toBe('too-large');
    });

    it('leaves nothing behind when its reader goes away', async () => {
      const run = startScript(shell);
      run.child.stdout?.once('data', () => run.child.stdout?.destroy());
      run.child.stderr?.resume();
      await sleep(50);
      // It notices when it writes again; on a busy machine that may take a while.
      expect(await leftAfter(run.mark, 20_000)).toEqual([]);
    });

    it.each(['SIGTERM', 'SIGHUP', 'SIGKILL'] as const)('leaves nothing behind after %s', async (signal) => {
      const run = startScript(shell, {}, stuck('sleep 60'));
      run.child.stdout?.resume();
      await untilStuck(run.mark);
      run.child.kill(signal);
      expect(await leftAfter(run.mark, 4000)).toEqual([]);
    });

    it('shows its token to nobody: not in a command line, not in an environment', async () => {
      const token = 'b2'.repeat(16);
      const run = startScript(shell, { token }, stuck('sleep 60'));
      run.child.stdout?.resume();
      await untilStuck(run.mark);
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        for (const file of ['cmdline', 'environ']) {
          let text = '';
          try {
            text = readFileSync(`/proc/${pid}/${file}`, 'latin1');
          } catch {
            // gone, or not ours
          }
          expect(text).not.toContain(token);
        }
      }
      run.child.kill('SIGTERM');
      expect(await leftAfter(run.mark, 4000)).toEqual([]);
    });
  });
});
