// What a process may do: whose rights it has, its capabilities and where they count, and what holds it back.
import type { Process } from '../../model/process.ts';
import { capabilityNames } from '../capabilities.ts';
import type { Fact } from '../explanation.ts';
import { fact, optional, type Telling } from '../facts.ts';
import { nameOf } from '../names.ts';

export function rightsOf({ look, texts }: Telling, process: Process): readonly Fact[] {
  const { rights } = process;
  if (!rights) return [];
  const { labels, values, terms } = texts;
  const { uids = [], groups = [], capabilities, noNewPrivs, seccomp, seccompFilters, securityLabel, evidence } = rights;
  const { effective, bounding, ambient } = capabilities;
  const last = look.model.host.lastCapability;
  const userNamespace = process.namespaces.user;
  const sets = (hex: string | undefined): string | undefined => {
    if (hex === undefined) return undefined;
    const { has, lacks } = capabilityNames(hex, last);
    return values.capabilities(has, lacks);
  };
  const isNone = (hex: string): boolean => /^0+$/.test(hex);
  return [
    ...(new Set(uids).size > 1 ? [fact(labels.userIds, values.userIds(uids), process.evidence)] : []),
    ...optional(labels.groups, groups.slice(0, mostGroups).join(', '), evidence),
    ...optional(labels.capabilities, sets(effective), evidence, { hint: terms['capabilities'] }),
    ...(effective === undefined || isNone(effective)
      ? []
      : userNamespace === undefined
        ? [
            fact(labels.countIn, `${texts.kindNames.user}, ${values.closed}`, evidence, {
              hint: terms['user namespace'],
            }),
          ]
        : [
            fact(
              labels.countIn,
              nameOf(look, userNamespace, texts),
              process.namespaceEvidence?.user ? [process.namespaceEvidence.user] : evidence,
              {
                entity: userNamespace,
                hint: terms['user namespace'],
              },
            ),
          ]),
    ...(bounding === effective ? [] : optional(labels.boundingSet, sets(bounding), evidence)),
    ...(ambient === undefined || isNone(ambient) ? [] : optional(labels.ambientSet, sets(ambient), evidence)),
    ...(noNewPrivs === true ? [fact(labels.noNewPrivs, values.yes, evidence, { hint: terms['no_new_privs'] })] : []),
    ...optional(labels.seccomp, seccomp === undefined ? undefined : values.seccomp(seccomp, seccompFilters), evidence, {
      hint: terms['seccomp'],
    }),
    ...optional(labels.securityLabel, securityLabel, evidence, { monospace: true }),
  ];
}

/** A user of a large directory may be in hundreds. */
const mostGroups = 32;
