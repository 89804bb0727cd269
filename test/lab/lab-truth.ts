// What host/truth.sh prints: the facts of one lab host, asked without any of the product's code.

/** Inode numbers, as in `readlink /proc/PID/ns/net` -> net:[4026532182]. */
export interface NamespaceInodes {
  readonly cgroup: number;
  readonly ipc: number;
  readonly mnt: number;
  readonly net: number;
  readonly pid: number;
  readonly time: number;
  readonly user: number;
  readonly uts: number;
}

export interface LabContainer {
  /** 64 hexadecimal digits. */
  readonly id: string;
  /** nerdctl's name, for example nginx-d8e2d. */
  readonly name: string;
  /** PID 1 of the container, as the host counts. */
  readonly pid: number;
  readonly shimPid: number;
  readonly ip: string;
  readonly namespaces: NamespaceInodes;
  readonly eth0: { readonly ifindex: number };
  /** The other end of eth0, a port of nerdctl0 in RootlessKit's child netns. */
  readonly veth: { readonly name: string; readonly ifindex: number };
}

/** One row of RootlessKit's GET /v1/ports. */
export interface LabPort {
  readonly id: number;
  readonly spec: {
    readonly proto: string;
    readonly parentIP: string;
    readonly parentPort: number;
    /** Absent the way nerdctl publishes: then the packet goes to childPort of the child netns itself. */
    readonly childIP?: string;
    readonly childPort: number;
  };
}

export interface LabTruth {
  readonly hostname: string;
  readonly kernel: string;
  readonly namespaces: NamespaceInodes;
  readonly sshdPid: number;
  readonly rootlesskit: {
    readonly stateDir: string;
    readonly parentPid: number;
    readonly childPid: number;
    readonly slirp4netnsPid: number;
    readonly containerdPid: number;
    readonly detached: boolean;
    /** The netns with tap0, buildkit0 and nerdctl0. */
    readonly netns: number;
    readonly namespaces: {
      readonly parent: NamespaceInodes;
      readonly child: NamespaceInodes;
      readonly slirp4netns: NamespaceInodes;
      readonly containerd: NamespaceInodes;
    };
  };
  readonly ports: readonly LabPort[];
  readonly containers: readonly LabContainer[];
}
