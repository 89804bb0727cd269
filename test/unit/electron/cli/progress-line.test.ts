import { expect, it, vi } from 'vitest';
import { ProgressLine } from '../../../../electron/cli/progress-line.ts';

/** A terminal that keeps what is written to it; time moves by hand. */
function screen(isTTY: boolean, columns: number) {
  const written: string[] = [];
  const clock = { now: 0 };
  const line = new ProgressLine({ isTTY, columns, write: (text) => written.push(text) }, () => clock.now);
  return { written, clock, line };
}
const part = (section: string, frames: number) => ({ section, frames, bytes: 0, milliseconds: 0 });

it('writes nothing where there is no terminal', () => {
  const { written, line } = screen(false, 80);
  line.say('Connecting');
  line.section(part('ns', 1));
  line.clear();
  expect(written).toEqual([]);
});
it('writes one line over itself and takes it away', () => {
  const { written, clock, line } = screen(true, 80);
  line.say('Connecting');
  clock.now = 1000;
  line.section(part('host', 4));
  line.section(part('tool', 2)); // too soon to be read
  clock.now = 2000;
  line.section(part('ns', 1));
  line.clear();
  line.clear();
  expect(written).toEqual([
    '\r\x1b[KConnecting',
    '\r\x1b[KHost (4 answered)',
    '\r\x1b[KNamespaces of processes (7 answered)',
    '\r\x1b[K',
  ]);
});
it('never runs into a second line, and shows no foreign escape', () => {
  const { written, line } = screen(true, 20);
  line.say('Connecting to a host with a long name');
  line.section(part('x', 1));
  expect(written).toEqual(['\r\x1b[KConnecting to a ho…']);
  const other = screen(true, 0);
  other.line.section(part('\x1b[2J', 1));
  expect(other.written).toEqual(['\r\x1b[K\\x1b[2J (1 answered)']);
});
it('shows the last of several in a row although nothing comes after it', () => {
  vi.useFakeTimers();
  try {
    const { written, line } = screen(true, 80);
    line.section(part('host', 4));
    line.section(part('host', 5));
    line.section(part('tool', 1));
    expect(written).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(written.slice(1)).toEqual(['\r\x1b[KTools (6 answered)']);
    line.section(part('tool', 2));
    line.clear();
    vi.advanceTimersByTime(100);
    expect(written).toHaveLength(3);
  } finally {
    vi.useRealTimers();
  }
});
