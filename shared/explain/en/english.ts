// Everything shared/explain says, in English. Another language is another folder with a value of this type.
import type { Finding } from '../../model/finding.ts';
import { groups, labels } from './labels.ts';
import { linkDetails, linkSentences, linkWhats } from './link-kinds.ts';
import { overview, summary } from './overview.ts';
import { relationNames, relationVerbs } from './relations.ts';
import { rules } from './rules.ts';
import { roleSentences, sentences } from './sentences.ts';
import { terms } from './terms.ts';
import { trace } from './trace.ts';
import { asWhom, values } from './values.ts';
import { containerKinds, kindNames, roleNames, roleWhats, sandboxKinds, whats } from './whats.ts';

/** Words a finding by its rule and values; undefined: as the finding words itself, which is English. */
type WordFinding = (finding: Finding) => { readonly text: string; readonly advice?: string } | undefined;
const finding: WordFinding = () => undefined;

export const english = {
  asWhom,
  containerKinds,
  finding,
  groups,
  kindNames,
  labels,
  linkDetails,
  linkSentences,
  linkWhats,
  overview,
  relationNames,
  relationVerbs,
  roleNames,
  roleSentences,
  roleWhats,
  rules,
  sandboxKinds,
  sentences,
  summary,
  terms,
  trace,
  values,
  whats,
};
export type Texts = typeof english;
