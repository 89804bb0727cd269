// Virtual services of IPVS, each in the network namespace of the process it was read through.
import type { VirtualService } from '../model/virtual-service.ts';
import { parseVirtualServices } from '../parse/ipvs.ts';
import type { FindingLog } from './finding-log.ts';
import type { Frames } from './frames.ts';
import type { ProcessRow } from './process-table.ts';

export function readVirtualServices(
  frames: Frames,
  log: FindingLog,
  rows: ReadonlyMap<number, ProcessRow>,
): readonly VirtualService[] {
  return frames.of('ipvs').flatMap((frame) => {
    const { facts, unparsable } = parseVirtualServices(frame);
    log.unparsable(unparsable);
    return facts.flatMap(({ pid, ...service }) => {
      const netns = rows.get(pid)?.namespaces.net;
      return netns === undefined ? [] : [{ netns, ...service }];
    });
  });
}
