// Whatever is asked of whatever host: a trace ends, is bounded, rests on lines that exist, and never grows more certain.
import { describe, expect, it } from 'vitest';
import type { Certainty } from '../../../../shared/model/evidence.ts';
import type { Model } from '../../../../shared/model/model.ts';
import type { Transcript } from '../../../../shared/model/transcript.ts';
import { describeTrace, tellNotTraced } from '../../../../shared/explain/tell-trace.ts';
import type { Trace, TraceRequest, TraceStart, TraceTarget } from '../../../../shared/trace/path.ts';
import { tracePath } from '../../../../shared/trace/trace.ts';
import { Dice } from '../../../helpers/dice.ts';
import { hostFixture } from '../../../helpers/host-fixture.ts';

const hosts = [
  'equal-indexes',
  'link-kinds',
  'open-vswitch',
  'reference-host',
  'reference-host-as-root',
  'reference-host-own-netns',
];
const rank: Readonly<Record<Certainty, number>> = { certain: 0, inferred: 1, ambiguous: 2 };

function randomRequest(model: Model, dice: Dice): TraceRequest {
  const nets = model.namespaces.filter(({ kind }) => kind === 'net');
  const netns = (): TraceStart => ({ kind: 'netns', netns: dice.one(nets).id });
  const process = () => ({ kind: 'process', process: dice.one(model.processes).id }) as const;
  const container = () =>
    model.containers.length > 0
      ? ({ kind: 'container', container: dice.one(model.containers).id } as const)
      : process();
  const addresses = model.links.flatMap((link) => link.addresses.map(({ local }) => local));
  const address = (): TraceTarget => ({
    kind: 'address',
    address: dice.one([
      ...addresses,
      '203.0.113.9',
      '2001:db8::9',
      '127.0.0.5',
      '255.255.255.255',
      'ff02::1',
      '10.4.0.77',
    ]),
  });
  const from = dice.one<() => TraceStart>([netns, netns, process, container, () => ({ kind: 'outside' })])();
  const to = dice.one<() => TraceTarget>([address, address, process, container, () => ({ kind: 'internet' })])();
  const port = dice.one([0, 80, 8080, 22, 53, ...model.sockets.slice(0, 20).map(({ local }) => local.port)]);
  const protocol = dice.one(['any', 'tcp', 'udp', 'icmp'] as const);
  return { from, to, ...(port > 0 ? { port } : {}), ...(protocol === 'any' ? {} : { protocol }) };
}

function check(model: Model, transcript: Transcript, trace: Trace): readonly string[] {
  const wrong: string[] = [];
  const frames = new Map(transcript.frames.map((frame) => [frame.index, frame]));
  const ids = new Set<string>([
    ...[
      model.namespaces,
      model.processes,
      model.links,
      model.containers,
      model.sockets,
      model.forwards,
      model.relations,
    ].flatMap((list) => list.map(({ id }) => id as string)),
  ]);
  if (trace.paths.length === 0) wrong.push('no path');
  for (const { hops, end, certainty } of trace.paths) {
    const last = hops.at(-1);
    if (hops.length > 200) wrong.push(`${hops.length} hops`);
    if (last?.event.kind !== end || last.certainty !== certainty) wrong.push('the end is not the last hop');
    let before = 0;
    for (const hop of hops) {
      if (rank[hop.certainty] < before) wrong.push(`${hop.event.kind} is more certain than what led there`);
      before = rank[hop.certainty];
      if (hop.doubts.length > 0 && hop.certainty === 'certain') wrong.push(`${hop.event.kind}: certain with a doubt`);
      if (hop.evidence.length === 0 && !['lost', 'sent', 'no-route'].includes(hop.event.kind))
        wrong.push(`${hop.event.kind} rests on nothing`);
      for (const { frame, section, line } of hop.evidence) {
        const there = frames.get(frame);
        if (there?.section !== section) wrong.push(`${hop.event.kind}: no frame ${frame} ${section}`);
        else if (line !== undefined && there.output.split('\n').length < line)
          wrong.push(`${section}: no line ${line}`);
      }
      for (const id of hop.through)
        if (!ids.has(id)) wrong.push(`${hop.event.kind} goes through ${id}, which is not there`);
    }
  }
  return wrong;
}

describe.each(hosts)('%s', (host) => {
  const { model, transcript } = hostFixture(host);
  it('holds for 150 requests', () => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const request = randomRequest(model, new Dice(seed));
      const trace = tracePath(model, request);
      if ('problem' in trace) {
        expect(tellNotTraced(model, trace)).not.toContain('undefined');
        continue;
      }
      expect(check(model, transcript, trace), JSON.stringify({ seed, request })).toEqual([]);
      const text = describeTrace(model, request, trace);
      expect(text).not.toMatch(/undefined|\[object/);
      expect(tracePath(model, request)).toEqual(trace);
    }
  });
});
