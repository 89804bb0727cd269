// Routes, policy rules and neighbours of one network namespace (ip -j route|rule|neigh).
import type { Evidence } from './evidence.ts';
import type { LinkId, NamespaceId, RouteId } from './id.ts';

export interface Route {
  readonly id: RouteId;
  readonly netns: NamespaceId;
  readonly family: 'inet' | 'inet6';
  /** `main`, `local`, `default`, or a number as text. */
  readonly table: string;
  /** `unicast`, `local`, `broadcast`, `blackhole` … */
  readonly type: string;
  /** `default` or a prefix. */
  readonly destination: string;
  readonly gateway?: string;
  readonly device?: string;
  readonly link?: LinkId;
  readonly preferredSource?: string;
  readonly metric?: number;
  readonly protocol?: string;
  readonly scope?: string;
  readonly evidence: readonly Evidence[];
}

export interface Rule {
  readonly netns: NamespaceId;
  readonly family: 'inet' | 'inet6';
  readonly priority: number;
  /** `all` or a prefix. */
  readonly source: string;
  readonly destination?: string;
  readonly table?: string;
  /** The rest of it, as iproute2 names it (iif, oif, fwmark, action …). */
  readonly selectors: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

export interface Neighbour {
  readonly netns: NamespaceId;
  readonly address: string;
  readonly device: string;
  readonly mac?: string;
  /** REACHABLE, STALE, PERMANENT … */
  readonly states: readonly string[];
  readonly evidence: readonly Evidence[];
}
