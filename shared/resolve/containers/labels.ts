// What a container's labels say of it. Engines hand them to the runtime as OCI annotations.

type Labels = Readonly<Record<string, string>>;

/** nerdctl (pkg/labels), containerd's CRI plugin, CRI-O, Podman. */
export function nameFromLabels(labels: Labels): string | undefined {
  const nerdctl = labels['nerdctl/name'];
  if (nerdctl) return nerdctl;
  const container = labels['io.kubernetes.cri.container-name'] ?? labels['io.kubernetes.container.name'];
  const pod = labels['io.kubernetes.cri.sandbox-name'] ?? labels['io.kubernetes.pod.name'];
  const type = labels['io.kubernetes.cri.container-type'] ?? labels['io.kubernetes.cri-o.ContainerType'];
  if (type === 'sandbox' && pod) return `pod ${pod}`;
  if (container) return pod ? `${pod}/${container}` : container;
  return labels['io.podman.annotations.name'] ?? labels['io.kubernetes.cri-o.Name'];
}

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
