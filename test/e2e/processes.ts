// What runs on a lab host, to see that a run leaves nothing behind.
import type { LabHost } from '../lab/reference-host.ts';

/** Every process of the host but the one that asks: PID, as the host counts, and name. */
export async function processesOn(host: LabHost): Promise<readonly string[]> {
  const others =
    'for pid in /proc/[0-9]*; do [ $pid = /proc/$$ ] || { read -r name <$pid/comm && echo $pid $name; }; done';
  return (await host.execAsRoot(others)).stdout.trim().split('\n');
}
