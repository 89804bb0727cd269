// Processes and records of containers as engines leave them, and what becomes of them.
import { expect } from 'vitest';
import type { Entities, RuntimeState } from '../../shared/model/entities.ts';
import type { NamespaceKind } from '../../shared/model/id.ts';
import type { Model } from '../../shared/model/model.ts';
import { resolveModel } from '../../shared/resolve/resolve.ts';
import { aHost, anEntities, aProcess, at } from './entities.ts';

export const id = 'b08be0f4a5536647b2ec2c5c8bd03d928ca897b483528848e716ce80ed37ec69';
export const other = 'd4e8e05a546c86b6443f101966c618e47753ed01fa9929cae00d3b692f7a9f80';
export const podId = '2df19026a989667f0c9956723a45b25ccd32c0efaec19d375727d37622709040';
export const hostPid = 4026531836;

export const resolved = (fields: Partial<Entities>): Model =>
  resolveModel(
    anEntities({
      host: aHost({ initialNamespaces: { pid: { id: `pid:[${hostPid}]`, certainty: 'certain' } } }),
      ...fields,
    }),
  );
export const only = (model: Model) => {
  expect(model.containers.map((one) => one.name)).toHaveLength(1);
  return model.containers[0];
};
export const inside = (
  pid: number,
  argv: string | readonly string[],
  ppid: number,
  cgroup: string,
  namespaces: Partial<Record<NamespaceKind, number>> = {},
) => aProcess(pid, { argv, ppid, cgroup, nsPids: [pid, 1], namespaces: { pid, ...namespaces } });
export const record = (fields: Partial<RuntimeState>): RuntimeState => ({
  runtimeId: id,
  initPid: 200,
  initStartTicks: 200,
  path: `/run/runc/${id}/state.json`,
  annotations: {},
  evidence: [at('runtime-state')],
  ...fields,
});
