// What a thing is and how we know, ready to be shown: the inspector, `nsatlas show` and exports draw these values.
import type { Certainty, Evidence } from '../model/evidence.ts';
import type { EntityId } from '../model/id.ts';
import type { Privilege } from '../model/transcript.ts';

/** One fact about a thing. */
export interface Fact {
  /** `Peer`, `Address`, `Master` … */
  readonly label: string;
  readonly value: string;
  /** Addresses, names, ids: drawn in monospace. */
  readonly monospace?: boolean;
  /** What the value names, to go there. */
  readonly entity?: EntityId;
  /** Absent where the host said it in so many words. */
  readonly certainty?: Certainty;
  /** Name of the rule that found it; `ruleSentence(rule)` says it in words. */
  readonly rule?: string;
  /** Where ip's JSON says it: names of an object's members, e.g. `link_index`. Absent: all of the answer does. */
  readonly members?: readonly string[];
  /** One sentence for a term people may not know, shown on hover. */
  readonly hint?: string;
  readonly evidence: readonly Evidence[];
}

export interface FactGroup {
  /** Identity, State, Addresses, Connected to, Ports, Namespaces, Used by, Owned by, Tools on the host. */
  readonly title: string;
  readonly facts: readonly Fact[];
}

export interface Explanation {
  readonly id: string;
  /** `eth0`, `nginx-d8e2d`, `RootlessKit child · ec2-user · detached`. */
  readonly title: string;
  /** `veth interface`, `network namespace`, `process`, `container` … */
  readonly what: string;
  /** What it is, in one sentence. */
  readonly sentence: string;
  readonly groups: readonly FactGroup[];
  /** Findings about it, worded. */
  readonly remarks: readonly {
    readonly kind: string;
    readonly text: string;
    readonly advice?: string;
    readonly evidence: readonly Evidence[];
  }[];
  /** A command that shows it in a terminal on the host. */
  readonly tryIt?: string;
}

/** The answer of the host behind a fact, cut to what says it. */
export interface Proof {
  readonly section: string;
  /** The command as it ran. */
  readonly command: string;
  readonly privilege: Privilege;
  /** `ec2-user`, `root (sudo)`, `ec2-user inside the user namespace of PID 122351`. */
  readonly asWhom: string;
  readonly status: number | undefined;
  /** Lines around the fact; `from` counts from 1 in the answer. JSON of one line is set in several, `from` stays that line. */
  readonly lines: readonly { readonly from: number; readonly text: string; readonly says: boolean }[];
  /** What it said on standard error, where the whole answer is the evidence. */
  readonly errors: readonly string[];
}
