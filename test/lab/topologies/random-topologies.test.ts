// Networks that chance made, real ones, as root, as the owner of a user namespace, and as somebody who owns nothing.
// NSATLAS_TOPOLOGY_SEEDS=200 tries more of them; NSATLAS_TOPOLOGY_FROM=1000 others.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Model } from '../../../shared/model/model.ts';
import type { Transcript } from '../../../shared/model/transcript.ts';
import { resolveModel } from '../../../shared/resolve/resolve.ts';
import { assemble } from '../../../shared/snapshot/assemble.ts';
import { readTranscript } from '../../../shared/collect/read-transcript.ts';
import { withBareHost } from './bare-host.ts';
import { buildPlan, renderPlan } from './build.ts';
import { collectFrom } from './collect-from.ts';
import type { Collected } from './collect-from.ts';
import { deviations } from './deviations.ts';
import { randomPlan } from './random-plan.ts';

/** Each was wrong once. A seed that fails is added here with what was wrong, and stays. */
const failedOnce = JSON.parse(readFileSync(path.join(import.meta.dirname, 'failed-seeds.json'), 'utf8')) as readonly {
  readonly seed: number;
}[];
const count = Number(process.env['NSATLAS_TOPOLOGY_SEEDS'] ?? 20);
const from = Number(process.env['NSATLAS_TOPOLOGY_FROM'] ?? 1);
const seeds = new Set([...failedOnce.map(({ seed }) => seed), ...Array.from({ length: count }, (_, i) => from + i)]);

/**
 * The same answers as they would be where PID 1's namespaces are the machine's first: nothing can hide beyond them. A bare
 * host has a PID namespace of its own, but nothing hides from its root either: its networks lead nowhere else.
 */
function onTheMachineItself({ bytes, model }: Collected): Transcript {
  const own = model.namespaces.find((one) => one.kind === 'pid' && one.processIds.includes('process:1'));
  if (own === undefined) throw new Error('PID 1 is in no PID namespace.');
  return readTranscript(Buffer.from(bytes.toString('latin1').replaceAll(own.id, 'pid:[4026531836]'), 'latin1'));
}

/** As told by a host without lsns. */
function withoutNetnsIds(transcript: Transcript): Model {
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
        const transcript = onTheMachineItself(collected);
        expect(deviations(resolveModel(assemble(transcript)), truth, person), script).toEqual([]);
        expect(deviations(withoutNetnsIds(transcript), truth, person, false), script).toEqual([]);
      }
    });
  });
});
