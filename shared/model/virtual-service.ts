// Virtual services of IPVS (ipvsadm(8)): what comes to one is sent to one of its real servers, by the kernel itself.
import type { Evidence } from './evidence.ts';
import type { NamespaceId } from './id.ts';

export interface VirtualService {
  readonly netns: NamespaceId;
  /** What it is for: an address and a port (0: every port), or packets with a mark (a firewall's rule sets it). */
  readonly of:
    | { readonly protocol: 'tcp' | 'udp' | 'sctp'; readonly address: string; readonly port: number }
    | { readonly mark: number };
  /** `rr`, `sh` … */
  readonly scheduler: string;
  readonly servers: readonly RealServer[];
  readonly evidence: Evidence;
}

export interface RealServer {
  readonly address: string;
  /** Of a service of every port 0: the port stays. */
  readonly port: number;
  /** As the kernel says it; by `Masq` alone the packet gets another destination. */
  readonly forwarding: 'Masq' | 'Local' | 'Tunnel' | 'Route';
  /** 0: no new connections. */
  readonly weight: number;
  readonly evidence: Evidence;
}
