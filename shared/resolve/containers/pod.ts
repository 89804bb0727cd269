// Which pod a container is one of: by its labels, by the name kubelet gave it, by its cgroup. And whether it is the one
// that only holds the pod's namespaces.
import type { Container, Pod } from '../../model/container.ts';

type Labels = Readonly<Record<string, string>>;

export interface PodMember {
  readonly pod: Pod;
  /** Name of the container within the pod; undefined for the one that holds its namespaces. */
  readonly container?: string;
  readonly kind?: Container['kind'];
}

/**
 * containerd's CRI plugin (pkg/cri/annotations), CRI-O (pkg/annotations) and kubelet (kubelettypes labels.go), as OCI
 * annotations or labels.
 */
export function podFromLabels(labels: Labels): PodMember | undefined {
  const name =
    labels['io.kubernetes.pod.name'] ??
    labels['io.kubernetes.cri.sandbox-name'] ??
    labels['io.kubernetes.cri-o.KubeName'];
  if (!name) return undefined;
  const namespace = labels['io.kubernetes.pod.namespace'] ?? labels['io.kubernetes.cri.sandbox-namespace'];
  const uid = labels['io.kubernetes.pod.uid'] ?? labels['io.kubernetes.cri.sandbox-uid'];
  const type = labels['io.kubernetes.cri.container-type'] ?? labels['io.kubernetes.cri-o.ContainerType'];
  const container = labels['io.kubernetes.container.name'] ?? labels['io.kubernetes.cri.container-name'];
  const isSandbox = type === 'sandbox' || container === 'POD' || labels['io.kubernetes.docker.type'] === 'podsandbox';
  return {
    pod: { id: uid || `${namespace ?? ''}/${name}`, name, ...(namespace ? { namespace } : {}) },
    ...(isSandbox ? { kind: 'pod-sandbox' as const } : container === undefined ? {} : { container }),
  };
}

/**
 * `k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT`, the container `POD` being the sandbox: what kubelet calls them for Docker
 * (cri-dockerd), and CRI-O on conmon's command line. None of the words may hold an underscore but the container's number.
 */
export function podFromName(name: string): PodMember | undefined {
  const words = /^k8s_([^_]+)_([^_]+)_([^_]+)_([0-9a-f-]+)_\d+(?:_[0-9a-f]+)?$/.exec(name);
  if (!words) return undefined;
  const [, container = '', pod = '', namespace = '', id = ''] = words;
  return {
    pod: { id, name: pod, namespace },
    ...(container === 'POD' ? { kind: 'pod-sandbox' as const } : { container }),
  };
}

/** Podman's infra container: `<first 12 digits of the pod's id>-infra`; the pod's own name is Podman's secret. */
export function podmanInfra(name: string, pod: Pod | undefined): PodMember | undefined {
  const short = /^([0-9a-f]{12})-infra$/.exec(name)?.[1];
  if (short === undefined) return undefined;
  const isThis = pod?.id.startsWith(short) ?? false;
  return { pod: pod && isThis ? pod : { id: short }, kind: 'pod-sandbox' };
}

/** What each source knows of the same pod, the first being believed. */
export function joinPods(pods: readonly (Pod | undefined)[]): Pod | undefined {
  const known = pods.filter((pod) => pod !== undefined);
  const first = <K extends keyof Pod>(key: K): Pod[K] | undefined => known.find((pod) => pod[key] !== undefined)?.[key];
  // A uid tells pods apart even after one of the same name has followed.
  const id = (known.find((pod) => !pod.id.includes('/')) ?? known[0])?.id;
  if (id === undefined) return undefined;
  const [name, namespace, qos] = [first('name'), first('namespace'), first('qos')];
  return {
    id,
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(qos === undefined ? {} : { qos }),
  };
}

/** `kube-system/coredns-5d78`, or the first digits of the id. */
export const podName = ({ id, name, namespace }: Pod): string =>
  name === undefined ? id.slice(0, 12) : namespace === undefined ? name : `${namespace}/${name}`;
