// Sockets of one network namespace, from /proc/PID/net, with the processes that hold them, from /proc/PID/fd.
import type { Evidence } from './evidence.ts';
import type { LinkId, NamespaceId, ProcessId, SocketId } from './id.ts';

export interface Endpoint {
  /** As people write it: `127.0.0.1`, `::1`, `0.0.0.0`. */
  readonly address: string;
  readonly port: number;
}

export interface Socket {
  readonly id: SocketId;
  /** `undefined`: read through /proc/PID/net of a process whose namespaces are closed to us. */
  readonly netns: NamespaceId | undefined;
  readonly protocol: 'tcp' | 'tcp6' | 'udp' | 'udp6' | 'udplite' | 'udplite6' | 'raw' | 'raw6' | 'icmp' | 'icmp6';
  /** The port of a raw socket is its IP protocol (1: ICMP), that of a ping socket (icmp) its identifier. */
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** LISTEN, ESTABLISHED …; `UNCONN` for an unconnected socket of another protocol than TCP (ss's word). */
  readonly state: string;
  /**
   * Name of the device that it takes packets of alone (SO_BINDTODEVICE, the scope of a link-local address), `''` where it is
   * bound to none; `if5` is one that is gone. Absent: not told.
   */
  readonly device?: string;
  /** Of one for IPv6: it takes nothing of IPv4. Absent: not told. */
  readonly v6Only?: boolean;
  readonly inode: number;
  readonly uid: number;
  /** Processes that hold it open, where /proc/PID/fd could be read. */
  readonly processIds: readonly ProcessId[];
  readonly evidence: readonly Evidence[];
}

/** A unix socket that has a name. The kernel lists no peers in /proc, so those without one are left out. */
export interface UnixSocket {
  readonly id: SocketId;
  readonly netns: NamespaceId | undefined;
  readonly type: 'stream' | 'dgram' | 'seqpacket';
  /** ss's words: LISTEN, ESTAB, UNCONN. One that was accepted has the name of the one that listens. */
  readonly state: 'LISTEN' | 'ESTAB' | 'UNCONN';
  /** A path as whoever bound it saw it, in which mount namespace is not told; or, after `@`, an abstract name. */
  readonly name: string;
  readonly inode: number;
  readonly processIds: readonly ProcessId[];
  readonly evidence: readonly Evidence[];
}

/** A packet socket (packet(7)): tcpdump's, a DHCP client's. It sees frames of one link, or of all. */
export interface PacketSocket {
  readonly id: SocketId;
  readonly netns: NamespaceId | undefined;
  /** With the link-layer header (raw), or without (dgram). */
  readonly type: 'raw' | 'dgram' | 'packet';
  /** EtherType as `ip link` people know it, in hex: `0800`; `0003` is every protocol, `0000` none yet. */
  readonly etherType: string;
  /** The link it is bound to; `undefined`: all of its network namespace, or one that is gone. */
  readonly link: LinkId | undefined;
  /** The link it was bound to was removed: it receives nothing any more. */
  readonly linkGone?: true;
  readonly inode: number;
  readonly uid: number;
  readonly processIds: readonly ProcessId[];
  readonly evidence: readonly Evidence[];
}
