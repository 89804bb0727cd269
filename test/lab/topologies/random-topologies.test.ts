// Networks that chance made, real ones, as root, as the owner of a user namespace, and as somebody who owns nothing.
// NSATLAS_TOPOLOGY_SEEDS=200 tries more of them; NSATLAS_TOPOLOGY_FROM=1000 others.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import { resolveModel } from '../../../shared/resolve/resolve.ts';
import { assemble } from '../../../shared/snapshot/assemble.ts';
import { deriveModel } from '../../../shared/snapshot/derive.ts';
import { readTranscript } from '../../../shared/collect/read-transcript.ts';
import { withBareHost } from './bare-host.ts';
import { buildPlan, renderPlan } from './build.ts';
import { collectFrom, toInitialHost } from './collect-from.ts';
import { deviations } from './deviations.ts';
import { randomPlan } from './random-plan.ts';

/** Each was wrong once. A seed that fails is added here with what was wrong, and stays. */
const failedOnce = JSON.parse(readFileSync(path.join(import.meta.dirname, 'failed-seeds.json'), 'utf8')) as readonly {
  readonly seed: number;
}[];
const count = Number(process.env['NSATLAS_TOPOLOGY_SEEDS'] ?? 20);
const from = Number(process.env['NSATLAS_TOPOLOGY_FROM'] ?? 1);
const seeds = new Set([...failedOnce.map(({ seed }) => seed), ...Array.from({ length: count }, (_, i) => from + i)]);

/** As told by a host whose lsns does not know them; where nothing can hide beyond PID 1's namespaces (asInitialHost). */
function withoutNetnsIds(bytes: Buffer): Model {
  const transcript = readTranscript(bytes);
  const frames = transcript.frames.filter((frame) => frame.section !== 'nsid');
  return resolveModel(assemble({ ...transcript, frames }));
}

describe('a random network', () => {
  test.each([...seeds])('seed %i', async (seed) => {
    const plan = randomPlan(seed);
    await withBareHost(async (host) => {
      const truth = await buildPlan(host, plan);
      for (const person of ['root', 'ec2-user', 'bob'] as const) {
        const collected = await collectFrom(host, person);
        const script = `seed ${seed} as ${person}, made by\n${renderPlan(plan)}`;
        expect(deviations(collected.model, truth, person), script).toEqual([]);
        if (person !== 'root') continue;
        const initial = toInitialHost(collected);
        expect(deviations(deriveModel(initial).model, truth, person), script).toEqual([]);
        expect(deviations(withoutNetnsIds(initial), truth, person, false), script).toEqual([]);
      }
    });
  });
});
