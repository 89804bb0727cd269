// Containers, inside the network namespace their processes are in.
import type { Container } from '../../model/container.ts';
import { processId } from '../../model/id.ts';
import { plural } from './boxes.ts';
import { groupsOfContainer } from './groups.ts';
import type { Picture, Sight } from './sight.ts';

export function addContainers(sight: Sight, picture: Picture): void {
  for (const [netns, containers] of sight.containersIn) {
    if (!sight.netns.has(netns)) continue;
    const boxName = sight.netns.get(netns)?.name;
    for (const container of containers) {
      if (sight.options.folded.has(netns)) {
        picture.nodeOf.set(container.id, netns);
        continue;
      }
      const image = shortImage(container);
      // The box around it may already say its name: then what runs is worth more than the name twice.
      const name = nameInBox(sight, container, boxName);
      const label = name === boxName ? (image ?? initName(sight, container) ?? name) : name;
      picture.nodes.push({
        id: container.id,
        kind: 'container',
        parent: netns,
        entity: container.id,
        label,
        lines: [
          ...(image === undefined || label === image ? [] : [image]),
          ...(container.kind === 'machine' ? [container.engine] : []),
          ...processLine(container),
          ...insideLine(sight, container),
        ],
        tags: [
          'container',
          container.engine,
          ...(container.kind === undefined ? [] : [container.kind]),
          ...(isPaused(container) ? ['frozen'] : []),
        ],
        ...groupsOfContainer(container),
      });
      picture.nodeOf.set(container.id, container.id);
    }
  }
  for (const container of sight.model.containers)
    for (const process of container.processIds) {
      const node = picture.nodeOf.get(container.id);
      // A container may have processes in other network namespaces; those are shown where they are.
      const netns = sight.processes.get(process)?.namespaces.net;
      if (node !== undefined && (netns === undefined || sight.containersIn.get(netns)?.includes(container)))
        picture.nodeOf.set(process, node);
    }
}

/** In its pod's box the pod's name need not be said again. */
function nameInBox(sight: Sight, { name, pod, kind, init }: Container, boxName: string | undefined): string {
  if (pod?.name === undefined || boxName?.startsWith('pod ') !== true) return name;
  if (kind === 'pod-sandbox') return (init && sight.processes.get(init)?.comm) ?? name;
  return name.startsWith(`${pod.name}/`) ? name.slice(pod.name.length + 1) : name;
}

function insideLine(sight: Sight, { parent }: Container): readonly string[] {
  const outer = parent && sight.model.containers.find(({ id }) => id === parent);
  return outer ? [`inside ${outer.name}`] : [];
}

function processLine(container: Container): readonly string[] {
  const count = container.processIds.length;
  const pid = container.init === undefined ? undefined : `PID ${container.init.slice(processId(0).length - 1)}`;
  const many = count > 1 ? plural(count, 'process', 'processes') : undefined;
  const parts = [pid, many, isPaused(container) ? 'paused' : undefined].filter((part) => part !== undefined);
  return parts.length === 0 ? [] : [parts.join(' · ')];
}

const isPaused = ({ freezer }: Container): boolean => freezer === 'frozen';

const initName = (sight: Sight, container: Container): string | undefined =>
  container.init === undefined ? undefined : sight.processes.get(container.init)?.comm;

/** `docker.io/library/nginx:latest` as people say it: `nginx:latest`. */
function shortImage(container: Container): string | undefined {
  return container.image?.replace(/^docker\.io\//, '').replace(/^library\//, '');
}
