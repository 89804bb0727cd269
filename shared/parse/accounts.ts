// `cut -d: -f1,3 /etc/passwd`: `name:uid`. Accounts that only a directory service knows are not in it.
import { forEachLine } from './lines.ts';
import { evidenceAt, unparsableAt } from './parsed.ts';
import type { Parsed, Source, Unparsable } from './parsed.ts';
import type { Evidence } from '../model/evidence.ts';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly evidence: Evidence;
}

export function parseAccounts(source: Source): Parsed<Account> {
  const facts: Account[] = [];
  const unparsable: Unparsable[] = [];
  forEachLine(source.output, (start, end, line) => {
    const content = source.output.slice(start, end);
    const colon = content.lastIndexOf(':');
    const uid = content.slice(colon + 1);
    // `+` and `-` lines of nss_compat are no accounts.
    if (content === '' || /^[+-]/.test(content)) return;
    if (colon > 0 && /^\d+$/.test(uid)) {
      facts.push({ name: content.slice(0, colon), uid: Number(uid), evidence: evidenceAt(source, line) });
    } else unparsable.push(unparsableAt(source, line, content));
  });
  return { facts, unparsable };
}
