// nsatlas show: what a snapshot says, on standard output.
import { describeText } from '../../shared/explain/describe-text.ts';
import type { ShowCommand } from './command.ts';
import { writeStandardOutput } from './files.ts';
import { openSnapshot } from './open-snapshot.ts';
import { printableJson, printableValue } from '../../shared/explain/printable.ts';

export async function showCommand({ file, format }: ShowCommand): Promise<void> {
  const model = await openSnapshot(file);
  // Names from a host are made printable before they stand in lines, so that none of them can look like a line.
  const text =
    format === 'json' ? `${printableJson(JSON.stringify(model, null, 2))}\n` : describeText(printableValue(model));
  await writeStandardOutput(text);
}
