// /proc/sys/kernel/hostname as read inside a UTS namespace: one line. `(none)` is the kernel's word for none.
import { firstLine } from './lines.ts';

export function parseHostname(output: string): string | undefined {
  const name = firstLine(output);
  return name === '(none)' ? undefined : name;
}
