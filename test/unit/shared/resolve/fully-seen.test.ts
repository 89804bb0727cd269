// What was left out does not all cast doubt on networks: only where a network namespace may be behind it.
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../shared/model/finding.ts';
import { isFullySeen } from '../../../../shared/resolve/fully-seen.ts';
import { indexOf } from '../../../../shared/resolve/known.ts';
import type { Known } from '../../../../shared/resolve/known.ts';
import { aHost, aLink, anEntities, aProcess, net } from '../../../helpers/entities.ts';

const cut = (rule: string, section?: string): Finding => ({
  id: `finding:${rule}`,
  kind: 'too-large',
  rule,
  subjects: ['host'],
  message: '',
  values: section === undefined ? {} : { section },
  evidence: [],
});

function known(findings: readonly Finding[]): Known {
  const entities = anEntities({
    host: aHost({
      user: { name: 'root', uid: 0 },
      initialNamespaces: { pid: { id: 'pid:[4026531836]', certainty: 'certain' } },
    }),
    processes: [aProcess(1, { namespaces: { net: 1, pid: 4026531836 } })],
    links: [aLink(net(1), 1, 'lo')],
    findings,
  });
  const none = { containers: [], sandboxes: [], netnsIds: [], relations: [], forwards: [], findings: [] };
  return { ...none, roles: new Map(), namespaces: new Map(), entities, index: indexOf(entities) };
}

describe('everything was seen', () => {
  it.each([
    ['where nothing was left out', [], true],
    ['though mounts are not all listed', [cut('mounts.cut')], true],
    ['though control groups were not all asked', [cut('cgroups.not-asked')], true],
    ['but not where mountinfo itself was cut', [cut('section.too-large', 'mountinfo')], false],
  ])('%s', (_, findings, seen) => expect(isFullySeen(known(findings))).toBe(seen));
});
