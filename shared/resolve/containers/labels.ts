// What a container's labels say of it. Engines hand them to the runtime as OCI annotations.
import { podFromLabels, type PodMember } from './pod.ts';

type Labels = Readonly<Record<string, string>>;

/** nerdctl (pkg/labels), containerd's CRI plugin, CRI-O, Podman. */
export function nameFromLabels(labels: Labels): string | undefined {
  const nerdctl = labels['nerdctl/name'];
  if (nerdctl) return nerdctl;
  const member = podFromLabels(labels);
  if (member) return nameInPod(member);
  return (
    labels['io.kubernetes.cri.container-name'] ??
    labels['io.kubernetes.container.name'] ??
    labels['io.podman.annotations.name'] ??
    labels['io.kubernetes.cri-o.Name']
  );
}

/** `POD/CONTAINER`; the one that holds the namespaces is called as the pod is. */
export function nameInPod({ pod, container, kind }: PodMember): string | undefined {
  if (pod.name === undefined) return undefined;
  if (kind === 'pod-sandbox') return `pod ${pod.name}`;
  return container === undefined ? undefined : `${pod.name}/${container}`;
}

/** Docker's Compose, whose words nerdctl and Podman use too; podman-compose has its own besides. */
export function composeFromLabels(labels: Labels): { readonly project?: string; readonly service?: string } {
  const project = labels['com.docker.compose.project'] ?? labels['io.podman.compose.project'];
  const service = labels['com.docker.compose.service'] ?? labels['io.podman.compose.service'];
  return { ...(project ? { project } : {}), ...(service ? { service } : {}) };
}

/**
 * bypass4netns lets its sockets be the host's (`nerdctl/bypass4netns`, an annotation and before nerdctl 2 a label): its
 * links are there, its connections do not go through them.
 */
export const bypassesNetns = (labels: Labels): boolean =>
  /^(1|t|T|true|TRUE|True)$/.test(labels['nerdctl/bypass4netns'] ?? '');

export function imageFromLabels(labels: Labels): string | undefined {
  return (
    labels['io.kubernetes.cri.image-name'] ??
    labels['io.kubernetes.cri-o.ImageName'] ??
    labels['nerdctl/image-ref'] ??
    labels['org.opencontainers.image.ref.name']
  );
}

/** `nerdctl/networks` is a JSON list of names. */
export function networksFromLabels(labels: Labels): readonly string[] {
  const list = json(labels['nerdctl/networks']);
  return Array.isArray(list) ? list.filter((name) => typeof name === 'string') : [];
}

export interface PublishedPort {
  readonly hostIp: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** `nerdctl/ports`: JSON list of {HostPort, ContainerPort, Protocol, HostIP} (go-cni's PortMapping). */
export function portsFromLabels(labels: Labels): readonly PublishedPort[] {
  const list = json(labels['nerdctl/ports']);
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { HostPort, ContainerPort, Protocol, HostIP } = entry as Readonly<Record<string, unknown>>;
    if (typeof HostPort !== 'number' || typeof ContainerPort !== 'number') return [];
    if (Protocol !== 'tcp' && Protocol !== 'udp') return [];
    const hostIp = typeof HostIP === 'string' && HostIP !== '' ? HostIP : '0.0.0.0';
    return [{ hostIp, hostPort: HostPort, containerPort: ContainerPort, protocol: Protocol }];
  });
}

/** A label is whatever somebody wrote: text that is no JSON says nothing. */
function json(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
