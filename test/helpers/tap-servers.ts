// Taps, who holds them, and who is said to serve them.
import type { Entities } from '../../shared/model/entities.ts';
import type { NamespaceId } from '../../shared/model/id.ts';
import { resolveModel } from '../../shared/resolve/resolve.ts';
import { aLink, anEntities, at } from './entities.ts';

export const tap = (netns: NamespaceId, name = 'tap0') => aLink(netns, 2, name, { kind: 'tun', data: { type: 'tap' } });
export const served = (entities: Partial<Entities>) =>
  resolveModel(anEntities(entities))
    .relations.filter((one) => one.kind === 'served-by')
    .map((one) => `${one.from} ${one.to} ${one.certainty} ${one.rule}`);
export const holds = (pid: number, interfaceName: string) => ({
  process: `process:${pid}` as const,
  fd: 5,
  interfaceName,
  evidence: [at('fdinfo', pid)],
});
