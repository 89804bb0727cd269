// Sandboxes: who has namespaces of their own without being a container (model/sandbox.ts says why they are no containers).
//
// First who belongs together (one file a way to tell), then which namespaces nobody else is in. Where the same namespace is
// one of several's, the innermost has it: a browser's helpers before the unit the browser was started from.
import type { Sandbox } from '../../model/sandbox.ts';
import { namespaceKinds, sandboxId, type NamespaceId, type ProcessId } from '../../model/id.ts';
import type { Known, Pass } from '../known.ts';
import { uniqueEvidence } from '../relation.ts';
import { browsers } from './browsers.ts';
import { launchers } from './launchers.ts';
import { units } from './units.ts';
import type { Group } from './group.ts';

/** The innermost first. */
const sources: readonly ((known: Known) => readonly Group[])[] = [browsers, launchers, units];

export const sandboxes: Pass = {
  name: 'sandboxes',
  run: (known) => {
    const taken = spokenFor(known);
    return {
      sandboxes: sources
        .flatMap((source) => source(known))
        .flatMap((group): readonly Sandbox[] => {
          const namespaceIds = ownNamespaces(group, known, taken);
          if (namespaceIds.length === 0) return [];
          for (const id of namespaceIds) taken.add(id);
          const { kind, name, key, rule, members } = group;
          return [
            {
              id: sandboxId(kind, key),
              kind,
              name,
              processIds: members.map((process) => process.id),
              namespaceIds,
              rule,
              evidence: uniqueEvidence(group.evidence),
            },
          ];
        }),
    };
  },
};

/** The host's own, those of containers and those of RootlessKit's children are called otherwise. */
function spokenFor({ entities, containers, rootlessKits, index }: Known): Set<NamespaceId> {
  const taken = new Set<NamespaceId>();
  for (const initial of Object.values(entities.host.initialNamespaces)) taken.add(initial.id);
  const inits = containers.flatMap(({ init }) => init ?? []);
  const children = rootlessKits.flatMap(({ child }) => child ?? []);
  for (const process of [...inits, ...children])
    for (const id of Object.values(index.process.get(process)?.namespaces ?? {})) taken.add(id);
  for (const { netns } of rootlessKits) if (netns) taken.add(netns.id);
  return taken;
}

function ownNamespaces(group: Group, { index }: Known, taken: ReadonlySet<NamespaceId>): readonly NamespaceId[] {
  const members = new Set<ProcessId>(group.members.map((process) => process.id));
  const candidates = new Set(
    (group.main ? [group.main] : group.members).flatMap((process) =>
      namespaceKinds.flatMap((kind) => process.namespaces[kind] ?? []),
    ),
  );
  return [...candidates].filter(
    (id) => !taken.has(id) && (index.namespace.get(id)?.processIds.every((process) => members.has(process)) ?? false),
  );
}
