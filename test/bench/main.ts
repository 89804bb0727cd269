// npm run bench -- [collect|derive|picture]…: how the product does against others, in the same run. README.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { measureCollecting } from './collect.ts';
import { measureDeriving } from './derive.ts';
import { measurePicture } from './picture.ts';
import { rows } from './rows.ts';
import type { Measured, RowId } from './rows.ts';
import { machine, ranOnLine, table } from './table.ts';

interface Group {
  readonly rows: readonly RowId[];
  readonly measure: (tell: (measured: Measured) => void) => Promise<void>;
}

const groups = {
  collect: { rows: ['host-300', 'host-1000', 'growth', 'host-cpu', 'wire', 'derive'], measure: measureCollecting },
  derive: { rows: ['derive'], measure: measureDeriving },
  picture: { rows: ['picture-300', 'picture-1000'], measure: measurePicture },
} as const satisfies Readonly<Record<string, Group>>;

const isGroup = (name: string): name is keyof typeof groups => Object.hasOwn(groups, name);

async function main(names: readonly string[]): Promise<number> {
  const wanted = names.length === 0 ? ['collect', 'picture'] : names;
  if (!wanted.every(isGroup)) {
    console.error(
      `usage: npm run bench -- [GROUP]…\n  ${Object.keys(groups).join('\n  ')}\nREADME.md says what they measure.`,
    );
    return 2;
  }
  const measured: Measured[] = [];
  const before = machine();
  for (const name of wanted)
    await groups[name].measure((one) => {
      measured.push(one);
      console.error(`${one.row}: ${one.ratio.toFixed(2)}`);
    });
  const ranOn = { ...before, load: [before.load[0], os.loadavg()[0] ?? 0] as const };
  const measurable = new Set<string>(Object.values(groups).flatMap((group) => group.rows));
  console.log(`${ranOnLine(ranOn)}\n\n${table(measured, measurable)}`);
  const folder = path.join(import.meta.dirname, '..', '..', 'out', 'bench');
  mkdirSync(folder, { recursive: true });
  const goals = measured.map((one) => ({ ...one, goal: rows.find(({ id }) => id === one.row)?.goal }));
  const file = path.join(folder, `${wanted.join('-')}.json`);
  writeFileSync(file, `${JSON.stringify({ ranOn, rows: goals }, null, 2)}\n`);
  console.log(`\n${path.relative(process.cwd(), file)}`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
