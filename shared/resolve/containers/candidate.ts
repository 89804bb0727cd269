// What one rule says of a container. Several rules may speak of the same one: by its runtime's id they are merged.
import type { Container, Pod } from '../../model/container.ts';
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { LinkingRule } from '../rules.ts';
import type { CgroupId } from './cgroup-id.ts';
import type { Speaker } from './speaker.ts';

export interface Candidate {
  readonly runtimeId: string;
  /** Name for `Container.recognisedBy`. */
  readonly recognisedBy:
    | 'runtime-state'
    | 'containerd-shim-argv'
    | 'conmon-argv'
    | 'lxc-monitor-argv'
    | 'nspawn-argv'
    | 'machined-record'
    | 'cgroup-path';
  /** Whose word it is; absent for what the kernel says of cgroups, which are then `place`. */
  readonly speaker?: Speaker;
  readonly place?: CgroupId;
  readonly engine?: string;
  readonly engineNamespace?: string;
  readonly name?: string;
  readonly kind?: Container['kind'];
  readonly pod?: Pod;
  readonly init?: { readonly process: UnresolvedProcess; readonly rule: LinkingRule; readonly sure: boolean };
  readonly monitor?: UnresolvedProcess;
  readonly labels?: Readonly<Record<string, string>>;
  readonly evidence: readonly Evidence[];
}

export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly findings?: readonly Finding[];
}
