// What packets of a thing are: those of a network namespace, or of one of its interfaces.
import type { LinkId } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import type { Namespace } from '../../shared/model/namespace.ts';

export interface CaptureSubject {
  readonly netns: Namespace;
  readonly link?: LinkId;
}

/** undefined: nothing that has packets. A container's are those of the network namespace its first process is in. */
export function captureSubject(model: Model, id: string): CaptureSubject | undefined {
  const netnsOf = (netns: string | undefined): Namespace | undefined =>
    model.namespaces.find((one) => one.id === netns && one.kind === 'net');
  const link = model.links.find((one) => one.id === id);
  if (link) {
    const netns = netnsOf(link.netns);
    return netns && { netns, link: link.id };
  }
  const container = model.containers.find((one) => one.id === id);
  const init = container && model.processes.find((one) => one.id === container.init);
  const netns = netnsOf(container ? init?.namespaces.net : id);
  return netns && { netns };
}
