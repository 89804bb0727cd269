// The network namespace that RootlessKit makes for its child, and how it is known.
import type { RootlessKitState } from '../../model/entities.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { NamespaceId } from '../../model/id.ts';
import { isIn } from '../process-evidence.ts';
import type { Index } from '../known.ts';
import type { LinkingRule } from '../rules.ts';

export interface ChildNetns {
  readonly netns: NamespaceId;
  readonly detached: boolean;
  readonly rule: LinkingRule;
  readonly evidence: readonly Evidence[];
}

/**
 * With --detach-netns it is the namespace mounted over the `netns` file of the state directory, whichever one the child
 * process itself is in; without, the child's own, unless that is the parent's (--net=host). nerdctl decides the same
 * way: by whether the file exists (pkg/rootlessutil/child_linux.go).
 */
export function childNetnsOf(kit: RootlessKitState, index: Index): ChildNetns | undefined {
  const parent = index.process.get(kit.parent);
  if (kit.detached) {
    if (!kit.netns) return undefined;
    const { id, evidence } = kit.netns;
    return { netns: id, detached: true, rule: 'rootlesskit.netns-file', evidence: [...evidence, ...kit.evidence] };
  }
  const child = kit.child && index.process.get(kit.child);
  const netns = child?.namespaces.net;
  if (!child || netns === undefined || netns === parent?.namespaces.net) return undefined;
  const evidence = [...isIn(child, 'net'), ...kit.evidence];
  return { netns, detached: false, rule: 'rootlesskit.child-netns', evidence };
}
