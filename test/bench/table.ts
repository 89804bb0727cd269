// The table for a person, and what the measurement ran on.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import { rows } from './rows.ts';
import type { Measured } from './rows.ts';

export interface RanOn {
  readonly when: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the last minute, before the first row and after the last: who else was at work. */
  readonly load: readonly [number, number];
}

export function machine(): RanOn {
  return {
    when: new Date().toISOString(),
    cpu: /^model name\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? os.arch(),
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    kernel: os.release(),
    node: process.version,
    load: [os.loadavg()[0] ?? 0, os.loadavg()[0] ?? 0],
  };
}

export function ranOnLine(on: RanOn): string {
  const load = on.load.map((one) => one.toFixed(1)).join(' to ');
  return `${on.when.slice(0, 16)}Z, ${on.cores} cores of ${on.cpu}, ${on.memoryGiB} GiB, Linux ${on.kernel}, Node ${on.node}, load ${load}`;
}

/** Markdown. A row without a figure says that nothing measures it yet. */
export function table(measured: readonly Measured[], measurable: ReadonlySet<string>): string {
  const lines = rows.map(({ id, what, against, goal }) => {
    const one = measured.find(({ row }) => row === id);
    const goalText = `≤ ${goal} ×`;
    if (one === undefined) {
      const why = measurable.has(id) ? 'not in this run' : 'not built yet';
      return [what, against, goalText, why, '', ''];
    }
    const verdict = one.ratio <= goal ? '' : ' **over**';
    const [low, high] = one.spread.map(figure);
    const figures = `${figure(one.ours)} and ${figure(one.theirs)} ${one.unit}`;
    return [
      what,
      against,
      goalText,
      `${figure(one.ratio)} ×${verdict}`,
      `${low}–${high}, ${one.rounds} rounds`,
      figures,
    ];
  });
  const head = ['what', 'against, in turn', 'goal', 'ratio', 'spread', 'ours and theirs'];
  const all = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
  const notes = measured.flatMap(({ row, note }) => (note === undefined ? [] : [`- ${row}: ${note}`]));
  return [...all, ...(notes.length === 0 ? [] : ['', ...notes])].join('\n');
}

/** Three figures, with thousands apart. */
function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toPrecision(value >= 10 ? 3 : 2);
}
