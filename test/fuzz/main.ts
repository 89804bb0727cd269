// npm run fuzz -- [COUNT [FIRST]]: COUNT damaged transcripts, each of its own seed, through parse, resolve, graph and words.
// Fails on a throw, on one that takes too long, and on more than three times the memory of the honest ones. README.md.
import { fork } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type { Said, Work } from './look.ts';

/** Fifty seeds between two words of a worker: some 100 ms. */
const patience = 30_000;

type Result = { readonly failures: readonly string[]; readonly outOfMemory: boolean; readonly at: number };

function look(work: Work, megabytes: number, tell: (at: number) => void = () => undefined): Promise<Result> {
  const child = fork(path.join(import.meta.dirname, 'look.ts'), [JSON.stringify(work)], {
    execArgv: [...process.execArgv, `--max-old-space-size=${megabytes}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const failures: string[] = [];
  let at = work.first;
  const hangs = (): void => {
    failures.push(`one of the seeds ${at} to ${at + 50 * work.step} takes longer than ${patience / 1000} s`);
    child.kill('SIGKILL');
  };
  let late = setTimeout(hangs, patience);
  child.on('message', (said: Said) => {
    if ('failed' in said) failures.push(`seed ${said.failed}: ${said.why}`);
    else {
      tell((at = said.at));
      clearTimeout(late);
      late = setTimeout(hangs, patience);
    }
  });
  return new Promise((resolve) => {
    child.on('exit', (status, signal) => {
      clearTimeout(late);
      // V8 aborts when the heap is full.
      const outOfMemory = signal === 'SIGABRT' || status === 134;
      if (status !== 0 && !outOfMemory && failures.length === 0)
        failures.push(`seed ${at} or after: ${status ?? signal}`);
      resolve({ failures, outOfMemory, at });
    });
  });
}

/** The smallest heap, in MiB, in which every honest host can be looked at: a seed below zero is a host as it was. */
async function honestMegabytes(): Promise<number> {
  let [tooSmall, enough] = [4, 256];
  while (enough - tooSmall > 2) {
    const middle = Math.round((tooSmall + enough) / 2);
    const { outOfMemory } = await look({ first: -100, step: 1, end: 0 }, middle);
    if (outOfMemory) tooSmall = middle;
    else enough = middle;
  }
  return enough;
}

async function main([count = '1000000', first = '0']: readonly string[]): Promise<number> {
  const [begin, end] = [Number(first), Number(first) + Number(count)];
  if (!Number.isSafeInteger(begin) || !Number.isSafeInteger(end) || begin < 0 || end <= begin) {
    console.error('usage: npm run fuzz -- [COUNT [FIRST]]');
    return 2;
  }
  const honest = await honestMegabytes();
  console.log(`The honest hosts need a heap of ${honest} MiB; the damaged ones get ${honest * 3}.`);
  const started = Date.now();
  const workers = os.availableParallelism();
  let told = started;
  const results = await Promise.all(
    Array.from({ length: workers }, (_, worker) =>
      look({ first: begin + worker, step: workers, end }, honest * 3, (at) => {
        if (worker !== 0 || Date.now() - told < 30_000) return;
        told = Date.now();
        console.log(`seed ${at}`);
      }),
    ),
  );
  const failures = results.flatMap((result) => [
    ...result.failures,
    ...(result.outOfMemory ? [`one of the seeds ${result.at} to ${result.at + 50 * workers} needs more memory`] : []),
  ]);
  for (const failure of failures.slice(0, 50)) console.log(`\n${failure}`);
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`\n${Number(count)} transcripts in ${seconds} s, ${failures.length} failures`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
