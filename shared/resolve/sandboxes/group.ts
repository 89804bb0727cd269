// Processes that belong together, before it is known whether they have anything of their own.
import type { UnresolvedProcess } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { SandboxKind } from '../../model/sandbox.ts';
import type { LinkingRule } from '../rules.ts';

export interface Group {
  readonly kind: SandboxKind;
  readonly name: string;
  /** Tells it from others of its kind. */
  readonly key: string;
  readonly members: readonly UnresolvedProcess[];
  /** Where only the namespaces of one member count: the others may have made theirs themselves. */
  readonly main?: UnresolvedProcess;
  readonly rule: LinkingRule;
  readonly evidence: readonly Evidence[];
}

export const byStart = (a: UnresolvedProcess, b: UnresolvedProcess): number =>
  (a.startTicks ?? 0) - (b.startTicks ?? 0) || a.pid - b.pid;
