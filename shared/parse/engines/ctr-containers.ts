// `ctr --namespace NAMESPACE containers ls` (containerd, cmd/ctr/commands/containers): a table, columns padded with
// spaces; `-` where a container has no image. It lists all there are, whether they run or not.
//
//   CONTAINER         IMAGE                             RUNTIME
//   d8e2d622b3d7…     docker.io/library/nginx:latest    io.containerd.runc.v2
import type { EngineContainer } from '../../model/engine.ts';
import { forEachLine } from '../lines.ts';
import { evidenceAt, unparsableAt } from '../parsed.ts';
import type { Parsed, Source, Unparsable } from '../parsed.ts';

export function parseCtrContainers(source: Source): Parsed<EngineContainer> {
  const facts: EngineContainer[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const text = source.output.slice(start, end).trim();
    if (text === '' || text.startsWith('CONTAINER ')) return;
    const [runtimeId = '', image = '', runtime] = text.split(/\s+/);
    if (runtime === undefined) {
      unparsable.push(unparsableAt(source, line, text));
      return;
    }
    const evidence = [evidenceAt(source, line)];
    facts.push({ runtimeId, running: true, ...(image !== '-' && { image }), networks: [], evidence });
  });
  return { facts, unparsable };
}
